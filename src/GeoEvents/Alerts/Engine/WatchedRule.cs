using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts.Engine;

/// <summary>A version of a rule that watches.</summary>
/// <param name="Version">Its number.</param>
/// <param name="EnabledAt">Since when.</param>
public sealed record WatchedRule(int Version, AlertRule Rule, DateTimeOffset EnabledAt)
{
    /// <summary>Instants are recorded to the microsecond, so an age at the very bound may come out a little above it.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMicroseconds(1);

    private readonly bool watchesRevisions = Conditions.Has<RevisionCondition>(Rule.When!) || Rule.Raises.Any(r => Conditions.Has<RevisionCondition>(r.When!));

    public Condition When => Rule.When!;

    /// <summary>Whether an episode can open because time passes.</summary>
    public bool BeginsByTime { get; } = Conditions.BeginsByTime(Rule.When!);

    /// <summary>Whether something of the past is remembered while it is inactive.</summary>
    public bool Remembers { get; } = Conditions.Has<ThenCondition>(Rule.When!) || Rule.Raises.Any(r => Conditions.Has<ThenCondition>(r.When!));

    /// <summary>Whether an alert can lose its reason: one that says that the record was changed cannot, since it was.</summary>
    public bool CanBeRecalled => !watchesRevisions;

    public bool Covers(Dyad dyad) => Rule.Scope.Covers(dyad);

    /// <summary>Whether a fact may open an episode: it is news, not old, and passes the filter. DESIGN §7, lateness.</summary>
    public bool MayFire(Trigger trigger, DateTimeOffset recordedAt)
    {
        if (trigger.Tau is null
            || trigger.Change is ChangeClass.Backfill or ChangeClass.Method
            || (trigger.Change == ChangeClass.Retraction && !watchesRevisions)
            || (Rule.Filter is { Changes.Count: > 0 } only && !only.Changes.Contains(trigger.Change)))
        {
            return false;
        }

        // A rule about the record being changed is not about how old what is changed is.
        return watchesRevisions && trigger.Change is not (ChangeClass.Live or ChangeClass.Late) ? Passes(trigger) : Admits(trigger, recordedAt);
    }

    /// <summary>Whether a fact that fired might have, were it what it is now: neither too old then nor kept out by the filter.</summary>
    public bool Admits(Trigger trigger, DateTimeOffset recordedAt) => recordedAt - trigger.Tau <= TimeSpan.FromHours(Rule.MaxAgeHours) + Rounding && Passes(trigger);

    private bool Passes(Trigger trigger)
    {
        var links = trigger.After.Length > 0 ? trigger.After : trigger.Before;
        return links.IsEmpty || links.Any(l => Moment.Passes(Rule.Filter, l));
    }
}
