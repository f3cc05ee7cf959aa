using System.Collections.Immutable;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Assessments;

/// <summary>A fact in the stream of one relationship's assessments.</summary>
public abstract record AssessmentEvent;

/// <summary>An analyst judges the posture to be on a rung, whatever is computed.</summary>
/// <param name="Id">Numbers the assessment within its relationship: <c>a1</c>, <c>a2</c>, …; never used again.</param>
/// <param name="Rung">0 (normal) to 9 (war).</param>
/// <param name="Author">Whose judgement it is, as the client said.</param>
/// <param name="ExpiresAt">From then on it is not in force; null is until further notice.</param>
/// <param name="Likelihood">Lowest and highest probability, each 0 to 1; null if not said.</param>
public sealed record PostureAssessed(
    Dyad Dyad,
    string Id,
    int Rung,
    string Reason,
    string Author,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<double>? Likelihood,
    AnalyticConfidence? Confidence) : AssessmentEvent;

/// <summary>The judgement is not upheld any more.</summary>
public sealed record PostureAssessmentWithdrawn(Dyad Dyad, string Id, string Reason) : AssessmentEvent;

/// <summary>One assessment, as known at K.</summary>
public sealed record PostureAssessment(PostureAssessed Fact, DateTimeOffset MadeAt, DateTimeOffset? WithdrawnAt)
{
    /// <summary>Whether it had been made at V and had not expired, given that it is not withdrawn.</summary>
    public bool HoldsAt(DateTimeOffset valid) => WithdrawnAt is null && MadeAt <= valid && !(Fact.ExpiresAt <= valid);
}

/// <summary>All assessments of one relationship's posture, in the order in which they were made.</summary>
/// <param name="Version">How many facts the stream holds; the ETag.</param>
public sealed record PostureAssessments(long Version, Dyad Dyad, ImmutableList<PostureAssessment> All)
{
    public static PostureAssessments None(Dyad dyad) => new(0, dyad, []);

    public static PostureAssessments After(PostureAssessments? before, AssessmentEvent fact, DateTimeOffset recordedAt) => (before, fact) switch
    {
        (_, PostureAssessed e) => new PostureAssessments(
            (before?.Version ?? 0) + 1, e.Dyad, (before?.All ?? []).Add(new PostureAssessment(e, recordedAt, null))),
        (not null, PostureAssessmentWithdrawn e) => before with
        {
            Version = before.Version + 1,
            All = [.. before.All.Select(a => a.Fact.Id == e.Id ? a with { WithdrawnAt = recordedAt } : a)],
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} cannot follow nothing."),
    };

    /// <summary>The assessment in force at V: the last that holds. One that expires or is withdrawn lets the one before it hold again.</summary>
    public PostureAssessment? InForceAt(DateTimeOffset valid) => All.FindLast(a => a.HoldsAt(valid));

    /// <returns>Nothing when the last assessment is the same, by the same author, and in force.</returns>
    public IEnumerable<AssessmentEvent> Assess(AssessmentDraft draft, string author, DateTimeOffset now)
    {
        var made = new PostureAssessed(Dyad, $"a{All.Count + 1}", draft.Posture!.Value, draft.Reason, author, draft.ExpiresAt, draft.Likelihood, draft.Confidence);
        return All is [.., var last] && last.HoldsAt(now) && Fields.Same(last.Fact, made with { Id = last.Fact.Id }) ? [] : [made];
    }

    /// <returns>Nothing when it is withdrawn already.</returns>
    /// <exception cref="RefusedException">There is no such assessment (404).</exception>
    public IEnumerable<AssessmentEvent> Withdraw(string id, string reason) =>
        (All.Find(a => a.Fact.Id == id) ?? throw RefusedException.NotFound("assessment", id)).WithdrawnAt is null
            ? [new PostureAssessmentWithdrawn(Dyad, id, reason)]
            : [];
}
