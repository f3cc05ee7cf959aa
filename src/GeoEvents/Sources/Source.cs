using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Sources;

/// <summary>A fact in the stream of one source.</summary>
public abstract record SourceEvent;

/// <param name="Id">Names the source within its workspace.</param>
/// <param name="Group">Independence group: its owner, or the wire it copies.</param>
/// <param name="Affiliation">The actor whose media it is; null if none.</param>
public sealed record SourceRegistered(string Id, string Name, Reliability Reliability, string Group, ActorCode? Affiliation, string? Url) : SourceEvent;

/// <summary>The source's grade, group or affiliation is another from now on. Reports attached before keep theirs until they are regraded.</summary>
public sealed record SourceRegraded(
    Reliability OldReliability,
    Reliability NewReliability,
    string OldGroup,
    string NewGroup,
    ActorCode? OldAffiliation,
    ActorCode? NewAffiliation,
    string Reason) : SourceEvent;

/// <summary>A publisher: how reliable, how independent, whose.</summary>
public record Source(long Version, string Id, string Name, Reliability Reliability, string Group, ActorCode? Affiliation, string? Url)
{
    public static Source After(Source? before, SourceEvent fact) => (before, fact) switch
    {
        (null, SourceRegistered e) => new Source(1, e.Id, e.Name, e.Reliability, e.Group, e.Affiliation, e.Url),
        (not null, SourceRegraded e) => before with
        {
            Version = before.Version + 1,
            Reliability = e.NewReliability,
            Group = e.NewGroup,
            Affiliation = e.NewAffiliation,
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "a registration")}."),
    };

    /// <returns>Nothing when it is graded so already.</returns>
    public IEnumerable<SourceEvent> Regrade(Reliability reliability, string group, ActorCode? affiliation, string reason) =>
        (reliability, group, affiliation) == (Reliability, Group, Affiliation)
            ? []
            : [new SourceRegraded(Reliability, reliability, Group, group, Affiliation, affiliation, reason)];

    /// <summary>A report by this source, with the grade that the source has now.</summary>
    public Report Report(string id, ReportDraft draft) => new(
        id, Id, draft.Stance, draft.Credibility, Reliability, Group, Affiliation, draft.Url, draft.Quote, draft.PublishedAt, draft.IndependentSources);
}

/// <summary>A source as known at a point of the record.</summary>
public sealed record SourceView : Source
{
    public SourceView(Source source, string shown)
        : base(source) => Shown = shown;

    /// <summary>The point, in words.</summary>
    public string Shown { get; }
}
