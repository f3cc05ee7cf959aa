using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

/// <summary>Sets a silence.</summary>
public sealed class SetSilence(Call call, SilenceDraft draft) : StreamDecision<SilenceState>(call, StreamKey.Silence(draft.Id), draft.Named())
{
    protected override IEnumerable<object> Change(SilenceState? before, RecordView record, DateTimeOffset recordedAt)
    {
        if (SilenceState.Set(draft, before, recordedAt) is not { } fact)
        {
            return [];
        }

        InvalidRequestException.ThrowIfAny(draft.Check(record, recordedAt));
        return [fact];
    }

    protected override Answer Answer(SilenceState state, Outcomes outcome) => SilenceView.Answer(Call.Workspace, state, outcome);
}

/// <summary>Ends a silence before its time.</summary>
public sealed class LiftSilence(Call call, string id, ReasonDraft draft) : StreamDecision<SilenceState>(call, StreamKey.Silence(id))
{
    protected override IEnumerable<object> Change(SilenceState? before, RecordView record, DateTimeOffset recordedAt)
    {
        var silence = before ?? throw RefusedException.NotFound("silence", id);
        Call.RefuseUnlessAt(silence.Version, "silence");
        return silence.Lift(draft.Reason, recordedAt);
    }

    protected override Answer Answer(SilenceState state, Outcomes outcome) => SilenceView.Answer(Call.Workspace, state, outcome);
}

/// <summary>A silence as the service shows it.</summary>
/// <param name="Dyads">Of these relationships; empty: of all.</param>
/// <param name="Rules">By these rules; empty: by all.</param>
/// <param name="Until">Up to then, this instant excluded, unless it was lifted before.</param>
/// <param name="Active">Whether it keeps alerts from going out at V. Null in the answer to a request that changed it.</param>
/// <param name="Version">How many facts there are on it; the ETag.</param>
public sealed record SilenceView(
    string Id,
    [property: KeepEmpty] IReadOnlyList<Dyad> Dyads,
    [property: KeepEmpty] IReadOnlyList<string> Rules,
    DateTimeOffset From,
    DateTimeOffset Until,
    string Reason,
    DateTimeOffset SetAt,
    DateTimeOffset? LiftedAt,
    bool? Active,
    long Version)
{
    /// <param name="valid">V; null if it is not asked for at an instant.</param>
    public static SilenceView Of(SilenceState state, DateTimeOffset? valid) => new(
        state.Silence.Id,
        state.Silence.Dyads,
        state.Silence.Rules,
        state.Silence.From,
        state.Silence.Until,
        state.Silence.Reason,
        state.SetAt,
        state.LiftedAt,
        valid is { } at ? state.IsActive(at) : null,
        state.Version);

    public static Answer Answer(string workspace, SilenceState state, Outcomes outcome) => Answers.Of(
        outcome == Outcomes.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        $"/api/v1/{workspace}/silences/{state.Silence.Id}",
        state.Version,
        Of(state, valid: null));
}
