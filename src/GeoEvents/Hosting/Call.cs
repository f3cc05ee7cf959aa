using System.Security.Cryptography;
using GeoEvents.Recording;

namespace GeoEvents.Hosting;

/// <summary>Marks an address that changes what a client has seen before.</summary>
public sealed class IfMatchRequired;

/// <summary>What every request that writes carries besides its body: workspace, user, preconditions.</summary>
/// <param name="IfMatch">Expected version of the stream; null if any will do (<c>If-Match: *</c>, or none where none is needed).</param>
public sealed record Call(string Workspace, string User, IdempotencyKey? Idempotency, long? IfMatch)
{
    /// <summary>Who decides, as the client says. Nobody is authenticated yet, so it is a claim, and it is recorded as one.</summary>
    public const string UserHeader = "X-User";

    /// <summary>What the service itself is called where it decides.</summary>
    public const string Service = "geoevents";

    private const int LongestHeader = 200;

    /// <summary>A decision of the service itself.</summary>
    public static Call OfService(string workspace) => new(workspace, Service, null, null);

    /// <exception cref="RefusedException">The client saw another version than the current one (412).</exception>
    public void RefuseUnlessAt(long version, string what)
    {
        if (IfMatch is { } seen && seen != version)
        {
            throw new RefusedException(
                "version-changed",
                $"The {what} is at version {version}, not {seen}. Read it again.",
                StatusCodes.Status412PreconditionFailed,
                [FieldProblem.In("If-Match", "version-changed", $"The current ETag is \"{version}\".")]);
        }
    }

    /// <param name="body">The bytes of the body, for telling a repeated request from another.</param>
    /// <remarks>At an address that is marked with <see cref="IfMatchRequired"/>, a request without If-Match is refused (428).</remarks>
    public static Call Of(HttpContext http, ReadOnlySpan<byte> body)
    {
        var request = http.Request;
        return new Call(
            (string)request.RouteValues["workspace"]!,
            Header(request, UserHeader) ?? "anonymous",
            Header(request, "Idempotency-Key") is { } key ? new IdempotencyKey(key, Fingerprint(request, body)) : null,
            ExpectedVersion(request, needed: http.GetEndpoint()?.Metadata.GetMetadata<IfMatchRequired>() is not null));
    }

    private static long? ExpectedVersion(HttpRequest request, bool needed)
    {
        var text = Header(request, "If-Match");
        return text switch
        {
            null when needed => throw new RefusedException(
                "precondition-required",
                "Send If-Match with the ETag of the version you saw, or If-Match: * to write over any.",
                StatusCodes.Status428PreconditionRequired,
                [FieldProblem.In("If-Match", "required", "This request needs the header If-Match.")]),
            null or "*" => null,
            _ when long.TryParse(text.Trim('"'), out var version) && version >= 0 => version,
            _ => throw new InvalidRequestException(FieldProblem.In("If-Match", "malformed", "If-Match is not an ETag of this service, such as \"3\".")),
        };
    }

    private static string? Header(HttpRequest request, string name)
    {
        var values = request.Headers[name];
        return values.Count switch
        {
            0 => null,
            1 when values[0] is { Length: > 0 and <= LongestHeader } value && value.All(c => !char.IsControl(c)) => value,
            _ => throw new InvalidRequestException(
                FieldProblem.In(name, "malformed", $"Send {name} once, with 1 to {LongestHeader} characters.")),
        };
    }

    private static string Fingerprint(HttpRequest request, ReadOnlySpan<byte> body) =>
        $"{request.Method} {request.Path} {Convert.ToHexString(SHA256.HashData(body))[..32]}";
}
