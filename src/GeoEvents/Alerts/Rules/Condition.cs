using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Alerts.Rules;

/// <summary>What has to be so for a rule to fire. Definitions, with defaults and sources: docs/alerts.md and adr/0023.</summary>
/// <remarks>
/// All numbers are those of the relationship as known at the instant, by the method current then, unless a rule's filter is named in the
/// definition. A comparison allows for 1e-9 of rounding.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ThresholdCondition), "threshold")]
[JsonDerivedType(typeof(RateOfChangeCondition), "rate-of-change")]
[JsonDerivedType(typeof(PressureCondition), "pressure")]
[JsonDerivedType(typeof(NewHighCondition), "new-high")]
[JsonDerivedType(typeof(FirstCondition), "first")]
[JsonDerivedType(typeof(PostureJumpCondition), "posture-jump")]
[JsonDerivedType(typeof(PostureReachesCondition), "posture-reaches")]
[JsonDerivedType(typeof(WordsToDeedsCondition), "words-to-deeds")]
[JsonDerivedType(typeof(TitForTatCondition), "tit-for-tat")]
[JsonDerivedType(typeof(DisproportionateResponseCondition), "disproportionate-response")]
[JsonDerivedType(typeof(ChangePointCondition), "change-point")]
[JsonDerivedType(typeof(MeasureOpenedCondition), "measure-opened")]
[JsonDerivedType(typeof(MeasureOverdueCondition), "measure-overdue")]
[JsonDerivedType(typeof(MeasureClosedCondition), "measure-closed")]
[JsonDerivedType(typeof(PostureFallsCondition), "posture-falls")]
[JsonDerivedType(typeof(TensionFallsCondition), "tension-falls")]
[JsonDerivedType(typeof(SilenceCondition), "silence")]
[JsonDerivedType(typeof(RevisionCondition), "revision")]
[JsonDerivedType(typeof(AndCondition), "and")]
[JsonDerivedType(typeof(OrCondition), "or")]
[JsonDerivedType(typeof(NotCondition), "not")]
[JsonDerivedType(typeof(ThenCondition), "then")]
public abstract record Condition
{
    /// <summary>Whether it, or a part of it that may be enough, is about what a fact does, and thus holds at the instant of that fact and no longer.</summary>
    [JsonIgnore]
    public virtual bool IsOfAMoment => false;

    /// <summary>Whether it may hold for longer than an instant.</summary>
    [JsonIgnore]
    public virtual bool Lasts => !IsOfAMoment;
}

/// <summary>What a level is of.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<LevelOf>))]
public enum LevelOf { Tension, Warmth }

/// <summary>Begins to hold when the level is at least <see cref="Above"/>, and holds until it is below <see cref="ResolvesBelow"/>.</summary>
public sealed record ThresholdCondition : Condition
{
    private const double UsualEnd = 45;
    private const double UsualPart = 0.75;

    private readonly double? resolvesBelow;

    [JsonConstructor]
    public ThresholdCondition()
    {
    }

    /// <param name="ResolvesBelow">Null: what it is if it is not said.</param>
    public ThresholdCondition(LevelOf Of = LevelOf.Tension, double Above = 60, double? ResolvesBelow = null) => (this.Of, this.Above, resolvesBelow) = (Of, Above, ResolvesBelow);

    public LevelOf Of { get; init; } = LevelOf.Tension;

    /// <summary>0 to 100; 60 if not said.</summary>
    public double Above { get; init; } = 60;

    /// <summary>0 to what it is above; if not said, 45 or three quarters of that, whichever is smaller.</summary>
    public double ResolvesBelow
    {
        get => resolvesBelow ?? Math.Min(UsualEnd, UsualPart * Above);
        init => resolvesBelow = value;
    }
}

/// <summary>H_fast now, less H_fast <paramref name="WithinHours"/> before, both as known now, is at least <paramref name="Rise"/>.</summary>
/// <param name="Rise">Units of impulse, above 0.</param>
/// <param name="WithinHours">Above 0, to 8,760.</param>
public sealed record RateOfChangeCondition(double Rise = 6, double WithinHours = 72) : Condition;

/// <summary>Pressure is at least <paramref name="Above"/>, on a sufficient baseline.</summary>
/// <param name="Above">Above 1.</param>
public sealed record PressureCondition(double Above = 5) : Condition;

/// <summary>The level is at least <paramref name="Floor"/> and above all of the relationship's own values just before the midnights (UTC) of the trailing days, as known now.</summary>
/// <param name="Days">1 to 1,095.</param>
/// <param name="Floor">0 to 100.</param>
public sealed record NewHighCondition(LevelOf Of = LevelOf.Tension, int Days = 365, double Floor = 25) : Condition;

/// <summary>What a first is the first of.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<FirstOf>))]
public enum FirstOf { Type, Rung }

/// <summary>
/// An incident of a type, or of a rung or above, by one side against the other, while there was none such in the years before it: at the
/// fact that puts it on record. The record has to go back 180 days and hold 10 incidents before it, or nothing is a first.
/// </summary>
/// <param name="Years">Years of 365 days; null: ever.</param>
/// <param name="MinRung">Only incidents of this rung or above, 0 to 9.</param>
/// <param name="Direction">Whether the other side having done it does not count.</param>
public sealed record FirstCondition(FirstOf Of = FirstOf.Type, double? Years = null, int MinRung = 3, bool Direction = true) : Condition
{
    public override bool IsOfAMoment => true;
}

/// <summary>The posture now is at least <paramref name="Rungs"/> above what it was <paramref name="WithinDays"/> before, both as known now.</summary>
/// <param name="Rungs">1 to 9.</param>
/// <param name="WithinDays">Above 0, to 365.</param>
public sealed record PostureJumpCondition(int Rungs = 2, double WithinDays = 7) : Condition;

/// <summary>The posture is at <paramref name="Rung"/> or above.</summary>
/// <param name="Rung">1 to 9.</param>
public sealed record PostureReachesCondition(int Rung = 5) : Condition;

/// <summary>
/// The share of material conflict in the hostile impulses h (at their τ) of the last <paramref name="Days"/>, less that of the
/// <paramref name="PriorDays"/> before, is at least <paramref name="Rise"/>, with <paramref name="MinIncidents"/> hostile incidents in each.
/// </summary>
/// <param name="Days">Above 0, to 365.</param>
/// <param name="PriorDays">Above 0, to 1,095.</param>
/// <param name="Rise">Above 0, to 1.</param>
/// <param name="MinIncidents">1 or more.</param>
public sealed record WordsToDeedsCondition(double Days = 14, double PriorDays = 90, double Rise = 0.4, int MinIncidents = 3) : Condition;

/// <summary>
/// Among the hostile incidents of the last <paramref name="WithinDays"/>, as far as the rule's filter lets them pass, is a chain of at least
/// <paramref name="Length"/> alternating turns, the worst of them of at least <paramref name="Severity"/>. Each turn answers the one before: the
/// incident that it names by <c>respondsTo</c>, or if it names none the last hostile incident of the other side before it.
/// </summary>
/// <param name="WithinDays">Above 0, to 90.</param>
/// <param name="Length">2 to 50.</param>
/// <param name="Severity">Severity s = max(0, −g)·m, 0 to 20.</param>
public sealed record TitForTatCondition(double WithinDays = 7, int Length = 3, double Severity = 6) : Condition;

/// <summary>An incident answers another (as in <see cref="TitForTatCondition"/>) within the time and with at least <paramref name="Ratio"/> times its severity: at the fact that puts it on record.</summary>
/// <param name="Ratio">Above 1.</param>
/// <param name="WithinDays">Above 0, to 90.</param>
public sealed record DisproportionateResponseCondition(double Ratio = 2, double WithinDays = 7) : Condition
{
    public override bool IsOfAMoment => true;
}

/// <summary>
/// The capped CUSUM of the daily <c>x = ln(1 + Σh)</c> is at least <paramref name="Threshold"/>: <c>S = max(0, S + min(Cap, z) − Slack)</c> over the last 90
/// days (UTC), today so far included, from 0; z against mean and standard deviation (at least 0.1) of the 180 days before each. On a sufficient baseline.
/// Source: Page 1954; DESIGN §7.
/// </summary>
/// <param name="Cap">z at most; above 0.</param>
/// <param name="Slack">k, 0 or more.</param>
/// <param name="Threshold">h, above 0.</param>
public sealed record ChangePointCondition(double Cap = 3, double Slack = 0.5, double Threshold = 5) : Condition;

/// <summary>An incident opens a measure of this rung or above: at the fact that puts it on record.</summary>
/// <param name="MinRung">0 to 9.</param>
public sealed record MeasureOpenedCondition(int MinRung = 4) : Condition
{
    public override bool IsOfAMoment => true;
}

/// <summary>A measure of this rung or above has been in force for longer than <paramref name="Days"/>.</summary>
/// <param name="MinRung">0 to 9.</param>
/// <param name="Days">Above 0, to 36,500.</param>
public sealed record MeasureOverdueCondition(int MinRung = 4, double Days = 90) : Condition;

/// <summary>An incident closes a measure of this rung or above: at the fact that puts it on record.</summary>
/// <param name="MinRung">0 to 9.</param>
public sealed record MeasureClosedCondition(int MinRung = 4) : Condition
{
    public override bool IsOfAMoment => true;
}

/// <summary>The posture now is at least <paramref name="Rungs"/> below what it was <paramref name="WithinDays"/> before, both as known now.</summary>
/// <param name="Rungs">1 to 9.</param>
/// <param name="WithinDays">Above 0, to 365.</param>
public sealed record PostureFallsCondition(int Rungs = 1, double WithinDays = 7) : Condition;

/// <summary>Tension <paramref name="WithinDays"/> before, less tension now, both as known now, is at least <paramref name="By"/>.</summary>
/// <param name="By">Above 0, to 100.</param>
/// <param name="WithinDays">Above 0, to 365.</param>
public sealed record TensionFallsCondition(double By = 20, double WithinDays = 30) : Condition;

/// <summary>For this long nothing was recorded of the relationship: no fact of an incident but backfill, and no check. Counted from when the rule was enabled at the earliest.</summary>
/// <param name="Hours">Above 0, to 8,760.</param>
public sealed record SilenceCondition(double Hours = 48) : Condition;

/// <summary>A fact that changes what was known of an incident moves tension by at least <paramref name="TensionBy"/>, or its death toll by at least this many percent: at that fact.</summary>
/// <param name="TensionBy">Points, above 0, either way.</param>
/// <param name="DeathsByPercent">Of the toll before, above 0, either way; from none to any counts.</param>
public sealed record RevisionCondition(double TensionBy = 5, double DeathsByPercent = 20) : Condition
{
    public override bool IsOfAMoment => true;
}

/// <summary>All of them hold.</summary>
public sealed record AndCondition(IReadOnlyList<Condition> All) : Condition
{
    public override bool IsOfAMoment => All.Any(c => c.IsOfAMoment);
}

/// <summary>One of them holds.</summary>
public sealed record OrCondition(IReadOnlyList<Condition> Any) : Condition
{
    public override bool IsOfAMoment => Any.Any(c => c.IsOfAMoment);

    [JsonIgnore]
    public override bool Lasts => Any.Any(c => c.Lasts);
}

/// <summary>It does not hold.</summary>
public sealed record NotCondition(Condition Not) : Condition;

/// <summary><paramref name="Second"/> holds, and at an earlier instant, at most <paramref name="WithinHours"/> before, <paramref name="First"/> held.</summary>
/// <param name="WithinHours">Above 0, to 8,760.</param>
public sealed record ThenCondition(Condition First, Condition Second, double WithinHours = 168) : Condition
{
    public override bool IsOfAMoment => Second.IsOfAMoment;
}
