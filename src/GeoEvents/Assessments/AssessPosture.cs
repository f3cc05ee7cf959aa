using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Assessments;

/// <param name="Posture">Rung, 0 (normal) to 9 (war).</param>
/// <param name="ExpiresAt">From then on it is not in force; null is until further notice.</param>
/// <param name="Likelihood">Lowest and highest probability that the posture is that, each 0 to 1.</param>
/// <param name="Confidence">How good the basis is; another thing than the likelihood (ICD 203).</param>
public sealed record AssessmentDraft(
    int? Posture = null, string Reason = "", DateTimeOffset? ExpiresAt = null, IReadOnlyList<double>? Likelihood = null, AnalyticConfidence? Confidence = null)
{
    public const int LowestRung = 0;

    public const int HighestRung = 9;

    /// <param name="now">An assessment expires after it.</param>
    public IEnumerable<FieldProblem> Check(DateTimeOffset now)
    {
        if (Posture is not (>= LowestRung and <= HighestRung))
        {
            yield return FieldProblem.At("/posture", Posture is null ? "required" : "out-of-range", $"A posture is a rung from {LowestRung} (normal) to {HighestRung} (war).");
        }

        foreach (var problem in Reasons.Check(Reason))
        {
            yield return problem;
        }

        if (ExpiresAt <= now)
        {
            yield return FieldProblem.At("/expiresAt", "out-of-range", "An assessment expires after it was made.");
        }

        if (Likelihood is not null && !Icd203.IsRange(Likelihood))
        {
            yield return FieldProblem.At("/likelihood", "out-of-range", "A likelihood is two numbers, lowest and highest, each from 0 to 1.");
        }
    }
}

/// <summary>Puts an analyst's posture of a relationship on record, beside the computed one.</summary>
public sealed class AssessPosture(Call call, Dyad dyad, AssessmentDraft draft)
    : StreamDecision<PostureAssessments>(call, StreamKey.Assessments(dyad), StreamKey.Actor(dyad.First), StreamKey.Actor(dyad.Second))
{
    protected override IEnumerable<object> Change(PostureAssessments? before, RecordView record, DateTimeOffset recordedAt)
    {
        record.Actor(dyad.First);
        record.Actor(dyad.Second);
        InvalidRequestException.ThrowIfAny(draft.Check(recordedAt));
        return (before ?? PostureAssessments.None(dyad)).Assess(draft, Call.User, recordedAt);
    }

    protected override Answer Answer(PostureAssessments state, Outcomes outcome) => AssessmentView.Answer(
        Call.Workspace, outcome == Outcomes.Unchanged ? StatusCodes.Status200OK : StatusCodes.Status201Created, state, state.All[^1]);
}

/// <summary>Withdraws an assessment.</summary>
public sealed class WithdrawAssessment(Call call, Dyad dyad, string id, ReasonDraft draft) : StreamDecision<PostureAssessments>(call, StreamKey.Assessments(dyad))
{
    protected override IEnumerable<object> Change(PostureAssessments? before, RecordView record, DateTimeOffset recordedAt)
    {
        var assessments = before ?? throw RefusedException.NotFound("assessment", id);
        var events = assessments.Withdraw(id, draft.Reason).ToList();
        Call.RefuseUnlessAt(assessments.Version, "list of assessments");
        return events;
    }

    protected override Answer Answer(PostureAssessments state, Outcomes outcome) =>
        AssessmentView.Answer(Call.Workspace, StatusCodes.Status200OK, state, state.All.Find(a => a.Fact.Id == id)!);
}

/// <summary>An assessment as the service shows it.</summary>
/// <param name="Name">Of the rung: normal, friction, … war.</param>
/// <param name="MadeAt">When it was recorded.</param>
/// <param name="LikelihoodWords">ICD 203 words for the likelihood.</param>
/// <param name="WithdrawnAt">When it was withdrawn, as known at K; null if it was not.</param>
public sealed record AssessmentView(
    string Id,
    int Rung,
    string Name,
    string Reason,
    string Author,
    DateTimeOffset MadeAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<double>? Likelihood,
    string? LikelihoodWords,
    AnalyticConfidence? Confidence,
    DateTimeOffset? WithdrawnAt)
{
    public static AssessmentView Of(PostureAssessment assessment, Method method) => new(
        assessment.Fact.Id,
        assessment.Fact.Rung,
        method.Rungs[assessment.Fact.Rung].Name,
        assessment.Fact.Reason,
        assessment.Fact.Author,
        assessment.MadeAt,
        assessment.Fact.ExpiresAt,
        assessment.Fact.Likelihood,
        assessment.Fact.Likelihood is [var low, var high] ? Icd203.Words(low, high) : null,
        assessment.Fact.Confidence,
        assessment.WithdrawnAt);

    public static Answer Answer(string workspace, int status, PostureAssessments all, PostureAssessment one) => Answers.Of(
        status,
        $"/api/v1/{workspace}/relationships/{all.Dyad}/assessments",
        all.Version,
        Of(one, Methods.Shipped));
}

/// <summary>All assessments of a relationship at one point.</summary>
/// <param name="InForce">Id of the one in force at V; null if none is.</param>
/// <param name="Items">Those made by V, the last first.</param>
public sealed record AssessmentsView(
    Dyad Dyad, DateTimeOffset ValidAsOf, LogPosition KnownAsOf, string Shown, string? InForce, [property: KeepEmpty] IReadOnlyList<AssessmentView> Items);
