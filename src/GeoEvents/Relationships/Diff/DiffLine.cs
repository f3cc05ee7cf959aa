using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Relationships.Diff;

/// <summary>The three legs of the path from one point to another: what is believed changes, time goes on, the method changes.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Leg>))]
public enum Leg { Known, Valid, Method }

/// <summary>One change of what is believed of a relationship, with its effect.</summary>
/// <param name="Incident">The one that counts otherwise; null where many are summed.</param>
/// <param name="Position">Of the fact: of leg K the one that changed what is believed, of leg V the one that the incident or its closer counts by. Null where many are summed.</param>
/// <param name="Closer">The incident that closes the measure, whose fact it is; null where the fact is the incident's own.</param>
/// <param name="Incidents">How many incidents are summed; 1 where the line is of one.</param>
public sealed record DiffLine(Leg Leg, Cause Cause, Guid? Incident, long? Position, Guid? Closer, int Incidents, Effect Effect)
{
    /// <summary>Largest effect first, in points, then in C, then in H; then in the order of the log, sums last.</summary>
    public static int InOrder(DiffLine one, DiffLine other)
    {
        var order = Math.Abs(other.Effect.Tension).CompareTo(Math.Abs(one.Effect.Tension));
        order = order != 0 ? order : Math.Abs(other.Effect.CooperationFast).CompareTo(Math.Abs(one.Effect.CooperationFast));
        order = order != 0 ? order : Math.Abs(other.Effect.HostilityFast).CompareTo(Math.Abs(one.Effect.HostilityFast));
        order = order != 0 ? order : (one.Position ?? long.MaxValue).CompareTo(other.Position ?? long.MaxValue);
        order = order != 0 ? order : one.Leg.CompareTo(other.Leg);
        order = order != 0 ? order : one.Cause.CompareTo(other.Cause);
        return order != 0 ? order : Nullable.Compare(one.Incident, other.Incident);
    }
}
