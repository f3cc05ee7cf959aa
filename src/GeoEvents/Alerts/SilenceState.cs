namespace GeoEvents.Alerts;

/// <summary>A silence as it stands.</summary>
/// <param name="Version">How many facts there are on it; the ETag.</param>
/// <param name="LiftedAt">When it was ended before its time; null if it was not.</param>
public sealed record SilenceState(Silence Silence, long Version, DateTimeOffset SetAt, DateTimeOffset? LiftedAt)
{
    public bool Covers(string rule, Coding.Dyad dyad, DateTimeOffset at) => LiftedAt is null && Silence.Covers(rule, dyad, at);

    public static SilenceState After(SilenceState? before, SilenceEvent fact, DateTimeOffset recordedAt) => (before, fact) switch
    {
        (null, SilenceSet e) => new SilenceState(e.Silence, 1, recordedAt, null),
        ({ } silence, SilenceLifted) => silence with { Version = silence.Version + 1, LiftedAt = recordedAt },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} does not fit the silence's history."),
    };
}
