using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Ledger;

/// <summary>One revision of one link of an incident: what every number is computed from.</summary>
/// <param name="Position">First log position at which the revision holds.</param>
/// <param name="Until">First position at which it no longer does; <see cref="Open"/> if it still holds.</param>
/// <param name="Forward">Whether the acting side is the dyad's first.</param>
/// <param name="Credibility">c; null if no report is graded, which leaves it to the method.</param>
/// <param name="CountedSources">How many sources a feed counted; for the method, where no report is graded.</param>
/// <param name="Harmed">Injured and detained together.</param>
/// <param name="Closes">Stream of the incident whose measure this one closes.</param>
public sealed record LedgerRow(
    Guid Incident,
    long Position,
    short Link,
    long Until,
    Dyad Dyad,
    bool Forward,
    double Attribution,
    DateTimeOffset Tau,
    DateTimeOffset Earliest,
    DateTimeOffset Latest,
    string? Type,
    string? Cameo,
    double? Credibility,
    int? CountedSources,
    long Deaths,
    long Harmed,
    bool Deliberate,
    bool Opens,
    Guid? Closes,
    bool Retracted,
    ChangeClass Change,
    SearchTerms? Search)
{
    public const long Open = long.MaxValue;

    /// <summary>The rows of one revision, a link each.</summary>
    public static IEnumerable<LedgerRow> Of(string workspace, Guid stream, Incident incident, long position)
    {
        var content = incident.Content;
        for (var i = 0; i < content.Links.Count; i++)
        {
            var link = content.Links[i];
            yield return new LedgerRow(
                stream,
                position,
                (short)i,
                Open,
                link.Dyad,
                link.Actor == link.Dyad.First,
                link.Attribution,
                incident.Interval.Tau,
                incident.Interval.Earliest,
                incident.Interval.Latest,
                content.Type,
                content.Cameo,
                incident.EffectiveCredibility,
                incident.CountedSources,
                content.Deaths?.Best ?? 0,
                (content.Injured?.Best ?? 0) + (content.Detained?.Best ?? 0),
                content.Intent is Intent.Deliberate,
                content.Measure?.Opens ?? false,
                content.Measure?.Closes is { } closes ? StreamKey.Incident(closes).In(workspace) : null,
                incident.Retracted,
                incident.Change,
                i == 0 ? SearchTerms.Of(incident) : null);
        }
    }
}

/// <summary>What an incident can be found by, besides its links and time.</summary>
/// <param name="Parties">Codes of all actors that had a part in it.</param>
/// <param name="Words">Of title, summary and place name.</param>
public sealed record SearchTerms(
    IReadOnlyList<string> Issues,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Parties,
    string? Country,
    float? Latitude,
    float? Longitude,
    IReadOnlyList<string> Words)
{
    public static SearchTerms Of(Incident incident)
    {
        var content = incident.Content;
        return new SearchTerms(
            content.Issues,
            [.. incident.Reports.Select(r => r.Source).Distinct()],
            [.. content.Links.SelectMany(l => new[] { l.Actor, l.Recipient }).Concat(content.Others.Select(o => o.Actor)).Select(a => a.ToString()).Distinct()],
            content.Place?.Country?.ToString(),
            (float?)content.Place?.Latitude,
            (float?)content.Place?.Longitude,
            [.. new[] { content.Title, content.Summary, content.Place?.Name }.OfType<string>().SelectMany(Lexemes.Split).Distinct()]);
    }
}
