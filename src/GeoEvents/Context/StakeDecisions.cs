using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>Registers a stake.</summary>
public sealed class RegisterStake(Call call, StakeContent stake) : StreamDecision<Stake>(call, StreamKey.Stake(stake.Id), StakeRules.Named(stake))
{
    protected override IEnumerable<object> Change(Stake? before, RecordView record, DateTimeOffset recordedAt)
    {
        if (Stake.Register(stake, before) is not { } fact)
        {
            return [];
        }

        InvalidRequestException.ThrowIfAny(StakeRules.Unknown(stake, record, ""));
        return [fact];
    }

    protected override Answer Answer(Stake state, Outcomes outcome) => StakeView.Answer(Call.Workspace, state, outcome);
}

/// <summary>Changes named fields of a stake from now on.</summary>
public sealed class AmendStake(Call call, string id, Amendment draft)
    : StreamDecision<Stake>(call, StreamKey.Stake(id), StakeRules.Named(draft.Of(new StakeContent())))
{
    protected override IEnumerable<object> Change(Stake? before, RecordView record, DateTimeOffset recordedAt)
    {
        var stake = before ?? throw RefusedException.NotFound("stake", id);
        Call.RefuseUnlessAt(stake.Version, "stake");
        var amended = draft.Of(stake.Content);
        InvalidRequestException.ThrowIfAny(StakeRules.Check(amended, "/changes").Where(draft.Names));
        InvalidRequestException.ThrowIfAny(StakeRules.Unknown(amended, record, "/changes", stake.Content));
        return stake.Amend(amended, draft.Reason);
    }

    protected override Answer Answer(Stake state, Outcomes outcome) => StakeView.Answer(Call.Workspace, state, outcome);
}

/// <summary>Retires a stake.</summary>
public sealed class RetireStake(Call call, string id, ReasonDraft draft) : StreamDecision<Stake>(call, StreamKey.Stake(id))
{
    protected override IEnumerable<object> Change(Stake? before, RecordView record, DateTimeOffset recordedAt)
    {
        var stake = before ?? throw RefusedException.NotFound("stake", id);
        Call.RefuseUnlessAt(stake.Version, "stake");
        return stake.Retire(draft.Reason);
    }

    protected override Answer Answer(Stake state, Outcomes outcome) => StakeView.Answer(Call.Workspace, state, outcome);
}

/// <summary>A stake as the service shows it: its content in the interchange shape, then what follows.</summary>
public record StakeView : StakeContent
{
    public StakeView(Stake stake)
        : base(stake.Content) => (Retired, Version, RecordedAt) = (stake.Retired, stake.Version, stake.RecordedAt);

    public bool Retired { get; }

    /// <summary>How many facts its stream holds; the ETag.</summary>
    public long Version { get; }

    /// <summary>When its last fact was recorded.</summary>
    public DateTimeOffset RecordedAt { get; }

    public static Answer Answer(string workspace, Stake stake, Outcomes outcome) => Answers.Of(
        outcome == Outcomes.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        $"/api/v1/{workspace}/stakes/{stake.Content.Id}",
        stake.Version,
        new StakeView(stake));
}

/// <summary>A stake with what touches it.</summary>
public sealed record TouchedStakeView : StakeView
{
    public TouchedStakeView(Stake stake, Touching touching)
        : base(stake) => Touching = touching;

    /// <summary>Incidents that touch it, as known at K, with τ ≤ V.</summary>
    public Touching Touching { get; }
}

/// <param name="Count">How many there are.</param>
/// <param name="Items">The latest of them, latest first.</param>
public sealed record Touching(long Count, [property: KeepEmpty] IReadOnlyList<IncidentBrief> Items);
