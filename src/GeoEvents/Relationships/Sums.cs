using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>Hostility H and cooperation C of a dyad at one instant, by direction and half-life, in units of impulses; and how much of H is deeds.</summary>
/// <param name="HostileFastForward">H of the first actor's acts, fast half-life.</param>
/// <param name="MaterialFast">The part of fast H, both directions, that is material conflict.</param>
public readonly record struct Sums(
    double HostileFastForward,
    double HostileFastBackward,
    double HostileSlowForward,
    double HostileSlowBackward,
    double CooperativeFastForward,
    double CooperativeFastBackward,
    double CooperativeSlowForward,
    double CooperativeSlowBackward,
    double MaterialFast)
{
    public double HostileFast => HostileFastForward + HostileFastBackward;

    public double HostileSlow => HostileSlowForward + HostileSlowBackward;

    public double CooperativeFast => CooperativeFastForward + CooperativeFastBackward;

    public double CooperativeSlow => CooperativeSlowForward + CooperativeSlowBackward;

    /// <summary>The same after time in which each fast sum keeps the share <paramref name="fast"/> and each slow sum <paramref name="slow"/>.</summary>
    public Sums Decayed(double fast, double slow) => new(
        HostileFastForward * fast,
        HostileFastBackward * fast,
        HostileSlowForward * slow,
        HostileSlowBackward * slow,
        CooperativeFastForward * fast,
        CooperativeFastBackward * fast,
        CooperativeSlowForward * slow,
        CooperativeSlowBackward * slow,
        MaterialFast * fast);

    public Sums Plus(in Sums other) => new(
        HostileFastForward + other.HostileFastForward,
        HostileFastBackward + other.HostileFastBackward,
        HostileSlowForward + other.HostileSlowForward,
        HostileSlowBackward + other.HostileSlowBackward,
        CooperativeFastForward + other.CooperativeFastForward,
        CooperativeFastBackward + other.CooperativeFastBackward,
        CooperativeSlowForward + other.CooperativeSlowForward,
        CooperativeSlowBackward + other.CooperativeSlowBackward,
        MaterialFast + other.MaterialFast);

    public Sums Minus(in Sums other) => new(
        HostileFastForward - other.HostileFastForward,
        HostileFastBackward - other.HostileFastBackward,
        HostileSlowForward - other.HostileSlowForward,
        HostileSlowBackward - other.HostileSlowBackward,
        CooperativeFastForward - other.CooperativeFastForward,
        CooperativeFastBackward - other.CooperativeFastBackward,
        CooperativeSlowForward - other.CooperativeSlowForward,
        CooperativeSlowBackward - other.CooperativeSlowBackward,
        MaterialFast - other.MaterialFast);

    /// <summary>Whether any of them is less than <paramref name="share"/> of its like in <paramref name="other"/>.</summary>
    public bool AnyBelow(double share, in Sums other) =>
        HostileFastForward < share * other.HostileFastForward
        || HostileFastBackward < share * other.HostileFastBackward
        || HostileSlowForward < share * other.HostileSlowForward
        || HostileSlowBackward < share * other.HostileSlowBackward
        || CooperativeFastForward < share * other.CooperativeFastForward
        || CooperativeFastBackward < share * other.CooperativeFastBackward
        || CooperativeSlowForward < share * other.CooperativeSlowForward
        || CooperativeSlowBackward < share * other.CooperativeSlowBackward
        || MaterialFast < share * other.MaterialFast;

    /// <summary>With what is left of one impulse at <paramref name="t"/>.</summary>
    public Sums With(in Impulse impulse, DateTimeOffset t, MethodParameters method) =>
        With(impulse, impulse.Remaining(t, method.HalfLifeFastDays), impulse.Remaining(t, method.HalfLifeSlowDays));

    /// <summary>With the share <paramref name="fast"/> of one impulse in the fast sums and <paramref name="slow"/> in the slow ones.</summary>
    public Sums With(in Impulse impulse, double fast, double slow)
    {
        var (hostileFast, hostileSlow) = (impulse.Hostile * fast, impulse.Hostile * slow);
        var (cooperativeFast, cooperativeSlow) = (impulse.Cooperative * fast, impulse.Cooperative * slow);
        var material = MaterialFast + (impulse.Material ? hostileFast : 0);
        return impulse.Forward
            ? this with
            {
                HostileFastForward = HostileFastForward + hostileFast,
                HostileSlowForward = HostileSlowForward + hostileSlow,
                CooperativeFastForward = CooperativeFastForward + cooperativeFast,
                CooperativeSlowForward = CooperativeSlowForward + cooperativeSlow,
                MaterialFast = material,
            }
            : this with
            {
                HostileFastBackward = HostileFastBackward + hostileFast,
                HostileSlowBackward = HostileSlowBackward + hostileSlow,
                CooperativeFastBackward = CooperativeFastBackward + cooperativeFast,
                CooperativeSlowBackward = CooperativeSlowBackward + cooperativeSlow,
                MaterialFast = material,
            };
    }
}
