using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts;

/// <summary>A silence as it stands.</summary>
/// <param name="Version">How many facts there are on it; the ETag.</param>
/// <param name="LiftedAt">When it was ended before its time; null if it was not.</param>
public sealed record SilenceState(Silence Silence, long Version, DateTimeOffset SetAt, DateTimeOffset? LiftedAt)
{
    public bool Covers(string rule, Dyad dyad, DateTimeOffset at) => LiftedAt is null && Silence.Covers(rule, dyad, at);

    public static SilenceState After(SilenceState? before, SilenceEvent fact, DateTimeOffset recordedAt) => (before, fact) switch
    {
        (null, SilenceSet e) => new SilenceState(e.Silence, 1, recordedAt, null),
        ({ } silence, SilenceLifted) => silence with { Version = silence.Version + 1, LiftedAt = recordedAt },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} does not fit the silence's history."),
    };

    /// <summary>Whether it keeps alerts from going out at an instant.</summary>
    public bool IsActive(DateTimeOffset at) => Silence.From <= at && at < (LiftedAt < Silence.Until ? LiftedAt : Silence.Until);

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">There is another silence of that id.</exception>
    public static SilenceEvent? Set(SilenceDraft draft, SilenceState? known, DateTimeOffset now) => known switch
    {
        null => new SilenceSet(draft.At(now)),
        _ when Fields.Same(draft.At(known.Silence.From), known.Silence) => null,
        _ => throw new RefusedException(
            "silence-exists",
            $"Silence '{draft.Id}' is on record with another content. Lift it and set another, under another id.",
            problems: [FieldProblem.At("/id", "silence-exists", "On record otherwise.")]),
    };

    /// <returns>Nothing when it is over already.</returns>
    public IEnumerable<SilenceEvent> Lift(string reason, DateTimeOffset now) => LiftedAt is null && now < Silence.Until ? [new SilenceLifted(Silence.Id, reason)] : [];
}
