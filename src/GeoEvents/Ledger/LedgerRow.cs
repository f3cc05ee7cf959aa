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
/// <param name="Retracted">Whether it does not count: it is retracted, merged into another, or split.</param>
/// <param name="MergedInto">Stream of the incident that it is merged into.</param>
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
    Guid? MergedInto,
    ChangeClass Change,
    SearchTerms? Search)
{
    public const long Open = long.MaxValue;

    /// <summary>Number of its fact in the store; 0 for a row that is not stored.</summary>
    public long Sequence { get; init; }

    /// <summary>Stream of the incident that this one says it answers.</summary>
    public Guid? RespondsTo { get; init; }

    /// <summary>When a source first told of it: the earliest publication of a report, or the recording by the feed it came from. Null if none says.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>The rows of one revision, a link each.</summary>
    /// <param name="until">The position at which it ends.</param>
    /// <param name="sequence">Number of its fact in the store.</param>
    public static IReadOnlyList<LedgerRow> Of(string workspace, Guid stream, Incident incident, long position, long until = Open, long sequence = 0)
    {
        var content = incident.Content;
        var rows = new LedgerRow[content.Links.Count];
        Guid? respondsTo = content.RespondsTo is { } answered ? StreamKey.Incident(answered).In(workspace) : null;
        var reportedAt = FirstReport(incident);
        for (var i = 0; i < rows.Length; i++)
        {
            var link = content.Links[i];
            rows[i] = new LedgerRow(
                stream,
                position,
                (short)i,
                until,
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
                incident.Standing != Standing.OnRecord,
                incident.MergedInto is { } into ? StreamKey.Incident(into).In(workspace) : null,
                incident.Change,
                i == 0 ? SearchTerms.Of(incident) : null)
            {
                Sequence = sequence,
                RespondsTo = respondsTo,
                ReportedAt = reportedAt,
            };
        }

        return rows;
    }

    private static DateTimeOffset? FirstReport(Incident incident)
    {
        var first = incident.Content.SourceRecordedAt;
        foreach (var report in incident.Reports)
        {
            first = report.PublishedAt < first || first is null ? report.PublishedAt : first;
        }

        return first;
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
    /// <remarks>By loops, because an import does this for millions of incidents.</remarks>
    public static SearchTerms Of(Incident incident)
    {
        var content = incident.Content;
        var sources = new List<string>(incident.Reports.Count);
        foreach (var report in incident.Reports)
        {
            AddOnce(sources, report.Source);
        }

        var parties = new List<string>(2);
        foreach (var link in content.Links)
        {
            AddOnce(parties, link.Actor.ToString());
            AddOnce(parties, link.Recipient.ToString());
        }

        foreach (var other in content.Others)
        {
            AddOnce(parties, other.Actor.ToString());
        }

        return new SearchTerms(
            content.Issues,
            sources,
            parties,
            content.Place?.Country?.ToString(),
            (float?)content.Place?.Latitude,
            (float?)content.Place?.Longitude,
            WordsOf(content));
    }

    private static List<string> WordsOf(IncidentContent content)
    {
        var words = new List<string>(12);
        foreach (var text in (ReadOnlySpan<string?>)[content.Title, content.Summary, content.Place?.Name])
        {
            foreach (var word in text is null ? [] : Lexemes.Split(text))
            {
                words.Add(word);
            }
        }

        // A title has a handful of words; a summary may have thousands.
        return words.Count > 30 ? [.. words.Distinct()] : OnceEach(words);
    }

    private static List<string> OnceEach(List<string> words)
    {
        var once = new List<string>(words.Count);
        foreach (var word in words)
        {
            AddOnce(once, word);
        }

        return once;
    }

    private static void AddOnce(List<string> to, string text)
    {
        if (!to.Contains(text))
        {
            to.Add(text);
        }
    }
}
