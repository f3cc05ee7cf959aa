using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>What one link of one incident adds to a relationship, under one method.</summary>
/// <param name="Forward">Whether the dyad's first actor acted.</param>
/// <param name="Hostile"><c>h = max(0, −g)·c·ℓ·m</c>, 0 to 20.</param>
/// <param name="Cooperative"><c>k = max(0, g)·c·ℓ·m</c>, 0 to 20.</param>
/// <param name="Code">Type, or CAMEO code where it has no type.</param>
/// <param name="Qualifies">Whether it can hold a posture: c ≥ 0.6, ℓ ≥ 0.5, and from rung 6 deliberate.</param>
/// <param name="Opens">Whether it opens a standing measure.</param>
/// <param name="ClosedAt">When that measure was closed; null if it is still open.</param>
/// <param name="Floor">Share of the impulse that an open measure never falls below, 0 to 1.</param>
public readonly record struct Impulse(
    Guid Incident,
    short Link,
    DateTimeOffset Tau,
    bool Forward,
    double Hostile,
    double Cooperative,
    int Rung,
    QuadClass Quad,
    string Code,
    bool Qualifies,
    bool Opens,
    DateTimeOffset? ClosedAt,
    double Floor)
{
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
        var c = entry.Credibility ?? method.Parameters.UnGradedCredibility;
        var weight = c * entry.Attribution * method.Magnitude(entry.Deaths, entry.Harmed);
        return new Impulse(
            entry.Incident,
            entry.Link,
            entry.Tau,
            entry.Forward,
            Math.Max(0, -score.Weight) * weight,
            Math.Max(0, score.Weight) * weight,
            score.Rung,
            score.Quad,
            entry.Type ?? $"cameo {entry.Cameo}",
            c >= CredibleEnough - Rounding && entry.Attribution >= AttributedEnough && (score.Rung < FromHereDeliberate || entry.Deliberate),
            entry.Opens,
            entry.ClosedAt is { } closed && closed < entry.Tau ? entry.Tau : entry.ClosedAt,
            method.Rungs[score.Rung].MeasureFloor);
    }

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
