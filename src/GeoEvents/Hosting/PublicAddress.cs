namespace GeoEvents.Hosting;

/// <summary>Where people reach the service, for the links in what it sends.</summary>
/// <param name="Base">Absolute, without a slash at its end; empty if nobody said, and then links begin with <c>/api</c>.</param>
public sealed record PublicAddress(string Base)
{
    /// <summary>Configuration key, such as <c>https://geoevents.example</c>.</summary>
    public const string Key = "PublicAddress";

    /// <param name="path">Beginning with a slash.</param>
    public string Of(string path) => Base + path;

    /// <exception cref="StartupException">It is no http or https address.</exception>
    public static PublicAddress From(IConfiguration configuration)
    {
        var text = (configuration[Key] ?? "").TrimEnd('/');
        return text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && (uri.UserInfo + uri.Query + uri.Fragment).Length == 0)
            ? new PublicAddress(text)
            : throw new StartupException($"{Key} is no address such as https://geoevents.example.");
    }
}
