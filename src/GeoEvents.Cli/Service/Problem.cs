using System.Net;
using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Cli.Service;

/// <summary>A problem document of the service (RFC 9457).</summary>
public sealed record Problem(string? Type, string? Title, string? Detail, IReadOnlyList<FieldProblem>? Errors)
{
    /// <returns>Null if it is no problem document.</returns>
    public static Problem? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(json, Reading.Options) is { Title: not null } problem ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>With the pointers into a part of what was sent as pointers into that part alone.</summary>
    public Problem Within(string part) => this with
    {
        Errors = Errors?.Select(e => e.Pointer?.StartsWith($"{part}/", StringComparison.Ordinal) == true ? e with { Pointer = e.Pointer[part.Length..] } : e).ToList(),
    };

    /// <summary>For a person: what is wrong, then each field by JSON pointer or parameter name with its sentence.</summary>
    public override string ToString()
    {
        var fields = (Errors ?? []).Select(e => $"  {(e.Where.Length > 0 ? e.Where : "(body)")}: {e.Detail}").ToList();
        var sameAsOnlyField = Errors is [var only] && only.Detail == Detail;
        return string.Join('\n', [sameAsOnlyField || Detail is null || Errors?.Count > 1 && Errors[0].Detail == Detail ? Title! : Detail, .. fields]);
    }
}

/// <summary>The service said no.</summary>
/// <param name="document">The problem document as it came.</param>
public sealed class RefusedByServiceException(HttpStatusCode status, Problem problem, string document) : CommandException(
    status == HttpStatusCode.NotFound ? Cli.ExitCode.NotFound : Cli.ExitCode.Refused, problem.ToString())
{
    public HttpStatusCode Status { get; } = status;

    public string Document { get; } = document;
}
