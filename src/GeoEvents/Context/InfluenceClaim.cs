using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Context;

/// <summary>That a third party pushed an incident, as somebody alleges and an analyst judges it. It never enters any number.</summary>
public record InfluenceClaimContent
{
    /// <summary>Names the claim within its workspace; made by the service if none is given.</summary>
    public string Id { get; init; } = "";

    /// <summary>Id of the incident that is said to have been pushed.</summary>
    public string Incident { get; init; } = "";

    /// <summary>Who is said to have pushed it.</summary>
    public ActorCode? Influencer { get; init; }

    /// <summary>Lowest and highest probability that it did, each 0 to 1.</summary>
    public IReadOnlyList<double>? Likelihood { get; init; }

    /// <summary>How good the basis of that judgement is; another thing than the likelihood (ICD 203).</summary>
    public AnalyticConfidence? Confidence { get; init; }

    /// <summary>What the judgement rests on.</summary>
    public string Basis { get; init; } = "";

    /// <summary>Ids of the sources that it rests on.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];
}

/// <summary>A fact in the stream of one influence claim.</summary>
public abstract record InfluenceClaimEvent;

/// <param name="Import">Id of the import that brought it; null if an analyst made it.</param>
public sealed record InfluenceClaimed(InfluenceClaimContent Claim, string? Import = null) : InfluenceClaimEvent;

/// <summary>Named fields have other values from now on.</summary>
/// <param name="Incident">The incident that the claim is about.</param>
public sealed record InfluenceClaimAmended(string Id, string Incident, [property: KeepEmpty] IReadOnlyList<FieldChange> Changes, string Reason) : InfluenceClaimEvent;

/// <summary>Nobody upholds it any more. It stays readable.</summary>
public sealed record InfluenceClaimWithdrawn(string Id, string Incident, string Reason) : InfluenceClaimEvent;

/// <summary>What one claim's stream adds up to.</summary>
/// <param name="AsMade">What it was made as: the same again is known.</param>
public sealed record InfluenceClaim(long Version, DateTimeOffset RecordedAt, InfluenceClaimContent Content, bool Withdrawn, InfluenceClaimContent AsMade)
{
    public static InfluenceClaim After(InfluenceClaim? before, InfluenceClaimEvent fact, DateTimeOffset recordedAt) => ((before, fact) switch
    {
        (null, InfluenceClaimed e) => new InfluenceClaim(0, recordedAt, e.Claim, false, e.Claim),
        (not null, InfluenceClaimAmended e) => before with { Content = Fields.Patch(before.Content, e.Changes) },
        (not null, InfluenceClaimWithdrawn) => before with { Withdrawn = true },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow {(before is null ? "nothing" : "a claim")}."),
    }) with
    {
        Version = (before?.Version ?? 0) + 1,
        RecordedAt = recordedAt,
    };

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">It is on record otherwise.</exception>
    public static InfluenceClaimEvent? Make(InfluenceClaimContent content, InfluenceClaim? known, string? import = null) => known switch
    {
        null => new InfluenceClaimed(content, import),
        _ when Fields.Same(content, known.AsMade) || Fields.Same(content, known.Content) => null,
        _ => throw new RefusedException(
            "claim-exists",
            $"Claim '{content.Id}' is on record with another content. Amend it, or choose another id.",
            problems: [FieldProblem.At("/id", "claim-exists", "On record otherwise.")]),
    };

    /// <returns>Nothing when it is so already.</returns>
    /// <exception cref="RefusedException">It is withdrawn.</exception>
    public IEnumerable<InfluenceClaimEvent> Amend(InfluenceClaimContent content, string reason)
    {
        if (Withdrawn)
        {
            throw new RefusedException("claim-withdrawn", "The claim is withdrawn. Make another.");
        }

        return Fields.Difference(Content, content, InfluenceClaimRules.Amendable) is { Count: > 0 } changes
            ? [new InfluenceClaimAmended(Content.Id, Content.Incident, changes, reason)]
            : [];
    }

    /// <returns>Nothing when it is withdrawn already.</returns>
    public IEnumerable<InfluenceClaimEvent> Withdraw(string reason) => Withdrawn ? [] : [new InfluenceClaimWithdrawn(Content.Id, Content.Incident, reason)];
}
