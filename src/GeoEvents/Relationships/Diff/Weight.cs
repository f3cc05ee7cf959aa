using GeoEvents.Coding;

namespace GeoEvents.Relationships.Diff;

/// <summary>H and C of one incident, or of all, with the fast half-life at one instant.</summary>
public readonly record struct Weight(double Hostility, double Cooperation)
{
    public static Weight Of(in Impulse impulse, DateTimeOffset t, Method method)
    {
        var remaining = impulse.Remaining(t, method.Parameters.HalfLifeFastDays);
        return new Weight(impulse.Hostile * remaining, impulse.Cooperative * remaining);
    }

    public Weight Plus(in Weight other) => new(Hostility + other.Hostility, Cooperation + other.Cooperation);

    public Weight Less(in Weight other) => new(Hostility - other.Hostility, Cooperation - other.Cooperation);
}
