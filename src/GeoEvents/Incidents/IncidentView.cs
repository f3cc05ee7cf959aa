using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Incidents;

/// <summary>An incident as the service shows it: its content in the interchange shape, then what follows from it.</summary>
public sealed record IncidentView : IncidentContent
{
    /// <param name="method">What fills the credibility that nothing else decides.</param>
    /// <param name="shown">The point that is shown, in words; null in the answer to a change.</param>
    public IncidentView(Incident incident, Method method, string? shown = null)
        : base(incident.Content)
    {
        Reports = incident.Reports;
        Retracted = incident.Retracted;
        Standing = incident.Standing;
        MergedInto = incident.MergedInto;
        Merged = incident.Absorbed;
        SplitInto = incident.SplitInto;
        PartOf = incident.PartOf;
        Credibility = CredibilityView.Of(incident, method);
        LikelihoodWords = incident.Content.Assessment?.Likelihood is [var low, var high] ? Icd203.Words(low, high) : null;
        Interval = incident.Interval;
        Tau = incident.Interval.Tau;
        Import = incident.Import;
        MissingUpstream = incident.MissingUpstream;
        Version = incident.Version;
        Position = incident.Position;
        RecordedAt = incident.RecordedAt;
        ChangeClass = incident.Change;
        Shown = shown;
    }

    /// <summary>With the grade each source had when its report was attached.</summary>
    public IReadOnlyList<Report> Reports { get; }

    public bool Retracted { get; }

    /// <summary>Whether it counts, or why not.</summary>
    public Standing Standing { get; }

    /// <summary>Id of the incident that goes on for it; null if it is not merged.</summary>
    public string? MergedInto { get; }

    /// <summary>Ids of incidents merged into it.</summary>
    public IReadOnlyList<string> Merged { get; }

    /// <summary>Ids of the parts it is split into.</summary>
    public IReadOnlyList<string> SplitInto { get; }

    /// <summary>Id of the incident that it is, or was, a part of.</summary>
    public string? PartOf { get; }

    public CredibilityView Credibility { get; }

    /// <summary>ICD 203 words for the assessment's numbers; null without one.</summary>
    public string? LikelihoodWords { get; }

    /// <summary>The date resolved to [earliest, latest) in UTC.</summary>
    public IntervalView Interval { get; }

    /// <summary>τ, the instant at which it counts.</summary>
    public DateTimeOffset Tau { get; }

    /// <summary>Id of the import that brought it; null if it was logged.</summary>
    public string? Import { get; }

    /// <summary>Since when its origin does not give it any more; null if it does, or nobody looked.</summary>
    public MissingUpstream? MissingUpstream { get; }

    /// <summary>How many facts its stream holds; the ETag.</summary>
    public long Version { get; }

    /// <summary>Log position of its last fact.</summary>
    public long Position { get; }

    /// <summary>When its last fact was recorded.</summary>
    public DateTimeOffset RecordedAt { get; }

    /// <summary>Of its last fact.</summary>
    public ChangeClass ChangeClass { get; }

    /// <summary>Incidents on record that may be the same; only in the answer to logging.</summary>
    public IReadOnlyList<Suggestion> Suggestions { get; init; } = [];

    /// <summary>The point that is shown, in words.</summary>
    public string? Shown { get; }

    /// <summary>The answer to a request that recorded facts of one incident; they are the last that it recorded.</summary>
    public static Answer Answer(int status, string workspace, Recorded recorded, Method method, IReadOnlyList<Suggestion>? suggestions = null) =>
        Answer(status, workspace, (Incident)recorded.Facts[^1].State, method, suggestions);

    public static Answer Answer(int status, string workspace, Incident incident, Method method, IReadOnlyList<Suggestion>? suggestions = null) => Answers.Of(
        status,
        $"/api/v1/{workspace}/incidents/{incident.Content.Id}",
        incident.Version,
        new IncidentView(incident, method) { Suggestions = suggestions ?? [] });
}

/// <param name="Earliest">Included.</param>
/// <param name="Latest">Not included.</param>
public sealed record IntervalView(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    public static implicit operator IntervalView(ResolvedInterval interval) => new(interval.Earliest, interval.Latest);
}

/// <summary>What decided c.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<CredibilityRule>))]
public enum CredibilityRule { Ungraded, CountedSources, GradedReports, SetByAnalyst }

/// <summary>c and where it comes from.</summary>
/// <param name="Value">c that counts, 0 to 1.</param>
/// <param name="Rule">What decided it: an analyst, else graded reports, else the count of sources, else the method's value for ungraded.</param>
/// <param name="Computed">From the graded reports; null if none is graded.</param>
/// <param name="Set">By an analyst; null if nobody did.</param>
/// <param name="CountedSources">The largest count of a supporting report without a grade; null if none counted.</param>
public sealed record CredibilityView(double Value, CredibilityRule Rule, double? Computed = null, double? Set = null, int? CountedSources = null)
{
    public static CredibilityView Of(Incident incident, Method method) => new(
        incident.EffectiveCredibility ?? method.UngradedCredibility(incident.CountedSources),
        incident switch
        {
            { SetCredibility: not null } => CredibilityRule.SetByAnalyst,
            { ComputedCredibility: not null } => CredibilityRule.GradedReports,
            { CountedSources: not null } => CredibilityRule.CountedSources,
            _ => CredibilityRule.Ungraded,
        },
        incident.ComputedCredibility,
        incident.SetCredibility,
        incident.CountedSources);
}
