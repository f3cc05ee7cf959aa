namespace GeoEvents.Hosting;

/// <summary>What kind of answer a client wants.</summary>
public static class Accepting
{
    public const string EventStream = "text/event-stream";

    /// <summary>Whether it names the one with a higher quality (RFC 9110, section 12.5.1) than the other. A wildcard names none, so whoever does not care gets the other.</summary>
    public static bool Prefers(this HttpRequest request, string one, string other)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(one) > Quality(other);

        double Quality(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty().Max();
    }
}
