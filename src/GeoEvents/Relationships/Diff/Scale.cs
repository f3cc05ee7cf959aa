using GeoEvents.Coding;

namespace GeoEvents.Relationships.Diff;

/// <summary>How changes of H become points of tension, and which way they are counted.</summary>
/// <param name="PointsPerHostility">Mean slope of tension over the legs K and V.</param>
public readonly record struct Scale(double PointsPerHostility)
{
    /// <summary>
    /// <c>(T(H₂) − T(H₁))/(H₂ − H₁)</c> of <c>T(H) = 100·(1 − e^(−H/s))</c>, points per unit of hostility; where both are equal, the derivative <c>100/s·e^(−H/s)</c>.
    /// </summary>
    /// <remarks>
    /// With <c>x = (H₂ − H₁)/s</c> the same is <c>100/s · e^(−(H₁+H₂)/2s) · sinh(x/2)/(x/2)</c>, in which nothing cancels however near the two are. It would
    /// overflow where they are far apart, and there the quotient itself is exact enough.
    /// </remarks>
    public static Scale Between(double h1, double h2, Method method)
    {
        var s = method.Parameters.Saturation;
        var half = (h2 - h1) / s / 2;
        return new Scale(Math.Abs(half) > 1
            ? (RelationshipState.Saturate(h2, method) - RelationshipState.Saturate(h1, method)) / (h2 - h1)
            : 100 / s * Math.Exp(-(h1 + h2) / 2 / s) * (half == 0 ? 1 : Math.Sinh(half) / half));
    }

    /// <param name="sign">−1 if the leg is gone backwards. Adding 0 makes a negative zero a plain one.</param>
    public Effect Of(in Weight change, int sign) =>
        new((sign * change.Hostility) + 0.0, (sign * change.Cooperation) + 0.0, (sign * change.Hostility * PointsPerHostility) + 0.0);
}
