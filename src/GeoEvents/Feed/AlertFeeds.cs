using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Feed;

/// <summary>A feed by JSON Feed 1.1.</summary>
public sealed record JsonFeed(
    string Version,
    string Title,
    [property: JsonPropertyName("home_page_url")] string HomePageUrl,
    [property: JsonPropertyName("feed_url")] string FeedUrl,
    [property: KeepEmpty] IReadOnlyList<JsonFeedItem> Items)
{
    public const string MediaType = "application/feed+json";
}

/// <param name="DatePublished">When it was recorded.</param>
/// <param name="More">What a program wants to know besides.</param>
public sealed record JsonFeedItem(
    string Id,
    string Url,
    string Title,
    [property: JsonPropertyName("content_text")] string ContentText,
    [property: JsonPropertyName("date_published")] DateTimeOffset DatePublished,
    IReadOnlyList<string> Tags,
    [property: JsonPropertyName("_geoevents")] JsonFeedExtension More);

/// <summary>The extension of a feed's item; see docs/feed.md.</summary>
/// <param name="Number">Of the fact in the feed of the workspace.</param>
/// <param name="Type">Kind of the fact.</param>
public sealed record JsonFeedExtension(string About, long Number, string Type, string Alert, string Rule, Dyad Dyad, string Severity, DateTimeOffset At);

/// <summary>News about alerts as feeds that readers of feeds can read.</summary>
/// <param name="origin">Of its log.</param>
/// <param name="address">Of the workspace.</param>
/// <param name="path">Of this feed below it, without its ending.</param>
public sealed class AlertFeeds(string workspace, string origin, Uri address, string path, string title)
{
    private string Home => address.AbsoluteUri.TrimEnd('/');

    /// <summary>Atom 1.0 (RFC 4287), an entry for each piece of news.</summary>
    public byte[] Atom(IReadOnlyList<AlertNews> news)
    {
        var to = new ArrayBufferWriter<byte>();
        var atom = new AtomWriter(address);
        atom.Declare(to);
        atom.Start("feed");
        atom.Element("id", AtomWriter.Tag($"{origin}/{workspace}", path));
        atom.Element("title", title);
        atom.Element("updated", InstantConverter.Text(news.Count > 0 ? news[0].RecordedAt : DateTimeOffset.UnixEpoch));
        atom.Link("self", $"{path}.atom", AtomWriter.MediaType);
        atom.Link("alternate", $"{path}.json", JsonFeed.MediaType);
        atom.Author(workspace);
        foreach (var item in news)
        {
            atom.Start("entry");
            atom.Element("id", IdOf(item));
            atom.Element("title", item.Title);
            atom.Element("updated", InstantConverter.Text(item.RecordedAt));
            atom.Element("published", InstantConverter.Text(item.RecordedAt));
            atom.Link("alternate", PathOf(item), "application/json");
            atom.Element("summary", item.Text);
            atom.Category(TypeOf(item), "kind", null);
            atom.Category(item.Severity, "severity", null);
            atom.Category(item.Fact.Rule, "rule", item.Rule);
            atom.Category($"{item.Fact.Dyad}", "dyad", null);
            atom.End();
        }

        atom.Finish(to);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>JSON Feed 1.1 (jsonfeed.org).</summary>
    public byte[] Json(IReadOnlyList<AlertNews> news) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonFeed(
            "https://jsonfeed.org/version/1.1",
            title,
            $"{Home}/alerts",
            $"{Home}/{path}.json",
            [
                .. news.Select(n => new JsonFeedItem(
                    IdOf(n),
                    $"{Home}/{PathOf(n)}",
                    n.Title,
                    n.Text,
                    n.RecordedAt,
                    [TypeOf(n), n.Severity, n.Fact.Rule, $"{n.Fact.Dyad}"],
                    new JsonFeedExtension("docs/feed.md", n.Number, TypeOf(n), n.Fact.Alert, n.Fact.Rule, n.Fact.Dyad, n.Severity, n.At))),
            ]),
        GeoJson.Options);

    private string IdOf(AlertNews news) => AtomWriter.Tag($"{origin}/{workspace}", $"feed/{news.Number}");

    private static string PathOf(AlertNews news) => $"alerts/{Uri.EscapeDataString(news.Fact.Alert)}";

    private static string TypeOf(AlertNews news) => FactTypes.NameOf(news.Fact);
}
