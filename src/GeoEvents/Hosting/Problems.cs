using System.Globalization;
using System.Net.Mime;
using GeoEvents.Recording;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace GeoEvents.Hosting;

/// <summary>Writes a problem to those who asked for something else, such as events or lines: they are to learn what is wrong as well.</summary>
public sealed class ProblemWriterForAnybody(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => !context.HttpContext.Response.HasStarted;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        await context.HttpContext.Response.WriteAsJsonAsync(context.ProblemDetails, options: null, MediaTypeNames.Application.ProblemJson, context.HttpContext.RequestAborted);
    }
}

/// <summary>Every error answer: RFC 9457 problem documents with a stable <c>type</c>, and <c>errors</c> that name the field.</summary>
/// <remarks>The types are listed in docs/problems.md.</remarks>
public sealed class ProblemHandler(IProblemDetailsService problems, ILogger<ProblemHandler> logger) : IExceptionHandler
{
    private const string TypePrefix = "urn:geoevents:problem:";

    /// <summary>Gives the answers that the framework makes by itself (404, 405, 413, …) the same form.</summary>
    public static void Customise(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith(TypePrefix, StringComparison.Ordinal) == true)
        {
            return;
        }

        var (type, title) = problem.Status switch
        {
            StatusCodes.Status404NotFound => ("not-found", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", "This address does not take that method."),
            StatusCodes.Status413PayloadTooLarge => ("too-large", "The body is too large."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported-media-type", "The body is of the wrong media type."),
            >= 500 => ("internal-error", "Something went wrong in the service."),
            _ => ("invalid-request", "The request is wrong."),
        };
        (problem.Type, problem.Title) = (TypePrefix + type, title);
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            InvalidRequestException e => Problem(400, "invalid-request", "The request is wrong.", e.Message, e.Problems),
            RefusedException e => Problem(e.Status, e.Code, TitleOf(e.Status), e.Message, e.Problems),
            BadHttpRequestException { StatusCode: 413 } => Problem(
                413, "too-large", "The body is too large.", "The body exceeds the limit of this address.",
                [FieldProblem.At("", "too-large", "The body exceeds the limit of this address.")]),
            BadHttpRequestException e => Problem(
                e.StatusCode, "invalid-request", "The request is wrong.", "The request did not arrive whole or is not HTTP as it should be.", null),
            _ when DatabaseAway.IsReason(exception) => Problem(
                503, "unavailable", "The service cannot answer now.",
                "The database does not answer. Repeat the request with the same id or Idempotency-Key: nothing is recorded twice.", null),
            _ => null,
        };
        if (problem is null)
        {
            return false;
        }

        if (problem.Status >= 500)
        {
            logger.LogWarning("Answering {Status} to {Method} {Path}: {Reason}", problem.Status, httpContext.Request.Method, httpContext.Request.Path, exception.Message);
        }

        if (exception is RefusedException { RetryAfter: { } after })
        {
            httpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static string TitleOf(int status) => status switch
    {
        StatusCodes.Status403Forbidden => "That is not allowed.",
        StatusCodes.Status404NotFound => "There is no such thing on record.",
        StatusCodes.Status410Gone => "It is no longer there.",
        StatusCodes.Status412PreconditionFailed => "It has changed since it was read.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of the wrong media type.",
        StatusCodes.Status422UnprocessableEntity => "The request contradicts an earlier one.",
        StatusCodes.Status428PreconditionRequired => "The request has to say which version it means.",
        StatusCodes.Status429TooManyRequests => "That is too much at once.",
        StatusCodes.Status502BadGateway => "What was asked for could not be fetched.",
        _ => "The record does not allow it.",
    };

    private static ProblemDetails Problem(int status, string type, string title, string detail, IReadOnlyList<FieldProblem>? errors)
    {
        var problem = new ProblemDetails { Status = status, Type = TypePrefix + type, Title = title, Detail = detail };
        if (errors is not null)
        {
            problem.Extensions["errors"] = errors;
        }

        return problem;
    }
}
