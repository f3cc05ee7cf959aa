using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>Makes an influence claim.</summary>
public sealed class MakeInfluenceClaim(Call call, InfluenceClaimContent claim)
    : StreamDecision<InfluenceClaim>(call, StreamKey.InfluenceClaim(claim.Id), InfluenceClaimRules.Named(claim))
{
    protected override IEnumerable<object> Change(InfluenceClaim? before, RecordView record, DateTimeOffset recordedAt)
    {
        if (InfluenceClaim.Make(claim, before) is not { } fact)
        {
            return [];
        }

        InvalidRequestException.ThrowIfAny(InfluenceClaimRules.Unknown(claim, record, ""));
        return [fact];
    }

    protected override Answer Answer(InfluenceClaim state, Outcomes outcome) => InfluenceClaimView.Answer(Call.Workspace, state, outcome);
}

/// <summary>Judges an influence claim anew.</summary>
public sealed class AmendInfluenceClaim(Call call, string id, Amendment draft)
    : StreamDecision<InfluenceClaim>(call, StreamKey.InfluenceClaim(id), draft.Of(new InfluenceClaimContent()).Sources.Select(StreamKey.Source))
{
    protected override IEnumerable<object> Change(InfluenceClaim? before, RecordView record, DateTimeOffset recordedAt)
    {
        var claim = before ?? throw RefusedException.NotFound("claim", id);
        Call.RefuseUnlessAt(claim.Version, "claim");
        var amended = draft.Of(claim.Content);
        InvalidRequestException.ThrowIfAny(InfluenceClaimRules.Check(amended, "/changes").Where(draft.Names));
        InvalidRequestException.ThrowIfAny(InfluenceClaimRules.UnknownSources(amended, record, "/changes", claim.Content));
        return claim.Amend(amended, draft.Reason);
    }

    protected override Answer Answer(InfluenceClaim state, Outcomes outcome) => InfluenceClaimView.Answer(Call.Workspace, state, outcome);
}

/// <summary>Withdraws an influence claim.</summary>
public sealed class WithdrawInfluenceClaim(Call call, string id, ReasonDraft draft) : StreamDecision<InfluenceClaim>(call, StreamKey.InfluenceClaim(id))
{
    protected override IEnumerable<object> Change(InfluenceClaim? before, RecordView record, DateTimeOffset recordedAt)
    {
        var claim = before ?? throw RefusedException.NotFound("claim", id);
        Call.RefuseUnlessAt(claim.Version, "claim");
        return claim.Withdraw(draft.Reason);
    }

    protected override Answer Answer(InfluenceClaim state, Outcomes outcome) => InfluenceClaimView.Answer(Call.Workspace, state, outcome);
}

/// <summary>An influence claim as the service shows it: its content in the interchange shape, then what follows.</summary>
public record InfluenceClaimView : InfluenceClaimContent
{
    public InfluenceClaimView(InfluenceClaim claim)
        : base(claim.Content)
    {
        LikelihoodWords = claim.Content.Likelihood is [var low, var high] ? Icd203.Words(low, high) : null;
        (Withdrawn, Version, RecordedAt) = (claim.Withdrawn, claim.Version, claim.RecordedAt);
    }

    /// <summary>ICD 203 words for the likelihood.</summary>
    public string? LikelihoodWords { get; }

    public bool Withdrawn { get; }

    /// <summary>How many facts its stream holds; the ETag.</summary>
    public long Version { get; }

    /// <summary>When its last fact was recorded.</summary>
    public DateTimeOffset RecordedAt { get; }

    public static Answer Answer(string workspace, InfluenceClaim claim, Outcomes outcome) => Answers.Of(
        outcome == Outcomes.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        $"/api/v1/{workspace}/influence-claims/{claim.Content.Id}",
        claim.Version,
        new InfluenceClaimView(claim));
}

/// <summary>An influence claim with the incident that it is about.</summary>
public sealed record InfluenceClaimOnRecord : InfluenceClaimView
{
    public InfluenceClaimOnRecord(InfluenceClaim claim, Reference about)
        : base(claim) => About = about;

    /// <summary>The incident as known at K.</summary>
    public Reference About { get; }
}
