using System.Collections.Concurrent;
using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>What one link of one incident adds to a relationship, under one method.</summary>
/// <remarks>There are millions of them in memory, so instants are kept as ticks, and what is left at midnight is worked out once.</remarks>
public readonly record struct Impulse
{
    private const long NotClosed = long.MaxValue;

    private readonly long tau;
    private readonly long closedAt;
    private readonly long reportedAt;

    public Impulse() => closedAt = NotClosed;

    public required Guid Incident { get; init; }

    public required short Link { get; init; }

    public required DateTimeOffset Tau
    {
        get => new(tau, TimeSpan.Zero);
        init => tau = value.UtcTicks;
    }

    /// <summary>Whether the dyad's first actor acted.</summary>
    public required bool Forward { get; init; }

    /// <summary><c>h = max(0, −g)·c·ℓ·m</c>, 0 to 20.</summary>
    public required double Hostile { get; init; }

    /// <summary><c>k = max(0, g)·c·ℓ·m</c>, 0 to 20.</summary>
    public required double Cooperative { get; init; }

    public required byte Rung { get; init; }

    public required QuadClass Quad { get; init; }

    /// <summary>Type, or CAMEO code where it has no type.</summary>
    public required string Code { get; init; }

    /// <summary>Issues and sources of its incident.</summary>
    public required Labels Labels { get; init; }

    /// <summary>Whether it can hold a posture: c ≥ 0.6, ℓ ≥ 0.5, and from rung 6 deliberate.</summary>
    public required bool Qualifies { get; init; }

    /// <summary>Whether it opens a standing measure.</summary>
    public required bool Opens { get; init; }

    /// <summary>When that measure was closed; null if it is still open.</summary>
    public DateTimeOffset? ClosedAt
    {
        get => closedAt == NotClosed ? null : new(closedAt, TimeSpan.Zero);
        init => closedAt = value?.UtcTicks ?? NotClosed;
    }

    /// <summary>Share of the impulse that an open measure never falls below, 0 to 1.</summary>
    public required double Floor { get; init; }

    /// <summary>What is left of 1 with the fast half-life at the midnight that ends its day, if it opens no measure.</summary>
    public required double FastAtMidnight { get; init; }

    /// <summary>The same with the slow half-life.</summary>
    public required double SlowAtMidnight { get; init; }

    /// <summary>c, 0 to 1.</summary>
    public float Credibility { get; init; }

    /// <summary>ℓ, 0 to 1.</summary>
    public float Attribution { get; init; }

    /// <summary>Best estimate.</summary>
    public int Deaths { get; init; }

    /// <summary>Stream of the incident that it says it answers; empty if it says none.</summary>
    public Guid RespondsTo { get; init; }

    /// <summary>When a source first told of it; τ if none says, or says so before it happened.</summary>
    public DateTimeOffset ReportedAt
    {
        get => new(Math.Max(reportedAt, tau), TimeSpan.Zero);
        init => reportedAt = value.UtcTicks;
    }

    /// <summary>s = <c>max(0, −g)·m</c>, 0 to 20, to six digits: how grave a hostile act is, whatever the doubt about it.</summary>
    public double Severity => Hostile == 0 ? 0 : Math.Round(Hostile / ((double)Credibility * Attribution), 6);

    /// <summary>Thresholds of a qualifying incident; DESIGN §5, posture.</summary>
    private const double CredibleEnough = 0.6;
    private const double AttributedEnough = 0.5;
    private const int FromHereDeliberate = 6;

    /// <summary>c = 0.6 is often computed through logarithms; what is 0.6 on paper has to qualify.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Deeds, not words.</summary>
    public bool Material => Quad == QuadClass.MaterialConflict;

    public static Impulse Of(LedgerEntry entry, Method method)
    {
        var score = method.Score(entry.Type, entry.Cameo);
        var c = entry.Credibility ?? method.UngradedCredibility(entry.CountedSources);
        var weight = c * entry.Attribution * method.Magnitude(entry.Deaths, entry.Harmed);
        var toMidnight = (TimeSpan.TicksPerDay - (entry.Tau.UtcTicks % TimeSpan.TicksPerDay)) / (double)TimeSpan.TicksPerDay;
        return new Impulse
        {
            Incident = entry.Incident,
            Link = entry.Link,
            Tau = entry.Tau,
            Forward = entry.Forward,
            Hostile = Math.Max(0, -score.Weight) * weight,
            Cooperative = Math.Max(0, score.Weight) * weight,
            Rung = (byte)score.Rung,
            Quad = score.Quad,
            Labels = entry.Labels ?? Labels.None,
            Code = entry.Type ?? CodeOf(entry.Cameo!),
            Qualifies = c >= CredibleEnough - Rounding && entry.Attribution >= AttributedEnough && (score.Rung < FromHereDeliberate || entry.Deliberate),
            Opens = entry.Opens,
            ClosedAt = entry.ClosedAt,
            Floor = method.Rungs[score.Rung].MeasureFloor,
            Credibility = (float)c,
            Attribution = (float)entry.Attribution,
            Deaths = (int)Math.Min(entry.Deaths, int.MaxValue),
            RespondsTo = entry.RespondsTo ?? Guid.Empty,
            ReportedAt = entry.ReportedAt ?? entry.Tau,
            FastAtMidnight = Math.Pow(2, -toMidnight / method.Parameters.HalfLifeFastDays),
            SlowAtMidnight = Math.Pow(2, -toMidnight / method.Parameters.HalfLifeSlowDays),
        }.ClosedNotBeforeItsTime();
    }

    /// <summary>The same measure, closed at another time or not at all. What closes it before it was opened closes it at once.</summary>
    public Impulse Closed(DateTimeOffset? at) => (this with { ClosedAt = at }).ClosedNotBeforeItsTime();

    private static readonly ConcurrentDictionary<string, string> CameoCodes = [];

    private static string CodeOf(string cameo) => CameoCodes.GetOrAdd(cameo, c => $"cameo {c}");

    private Impulse ClosedNotBeforeItsTime() => closedAt < tau ? this with { ClosedAt = Tau } : this;

    /// <summary>Whether its measure is in force at <paramref name="t"/>; at the closing instant it is not.</summary>
    public bool InForceAt(DateTimeOffset t) => Opens && Tau <= t && !(ClosedAt <= t);

    /// <summary>
    /// What is left at <paramref name="t"/> of an impulse of 1: <c>2^(−(t−τ)/T)</c>; while its measure is open not less than the floor;
    /// after closing it decays from its value at closing. 0 before τ. Source: DESIGN §5.
    /// </summary>
    /// <param name="halfLife">T, days.</param>
    public double Remaining(DateTimeOffset t, double halfLife)
    {
        if (t < Tau)
        {
            return 0;
        }

        if (!Opens)
        {
            return Decay.Factor(Tau, t, halfLife);
        }

        return ClosedAt is { } closed && closed <= t
            ? Math.Max(Decay.Factor(Tau, closed, halfLife), closed > Tau ? Floor : 0) * Decay.Factor(closed, t, halfLife)
            : Math.Max(Decay.Factor(Tau, t, halfLife), Floor);
    }
}

/// <summary>Exponential decay by half-lives.</summary>
public static class Decay
{
    /// <returns><c>2^(−(to−from)/halfLife)</c>, 0 to 1 for to ≥ from.</returns>
    /// <param name="halfLife">Days; greater than zero.</param>
    public static double Factor(DateTimeOffset from, DateTimeOffset to, double halfLife) => Math.Pow(2, -(to - from).TotalDays / halfLife);
}
