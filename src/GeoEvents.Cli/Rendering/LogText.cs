using GeoEvents.Relationships;

namespace GeoEvents.Cli.Rendering;

/// <summary>What an incident did to a relationship.</summary>
public static class LogText
{
    /// <param name="when">Which instant both are of.</param>
    public static string Effect(RelationshipView before, RelationshipView after, string when)
    {
        var band = before.Band == after.Band ? after.Band : $"{before.Band} → {after.Band}";
        var posture = before.Rung == after.Rung ? "" : $", posture {before.Rung} {before.Posture.Name} → {after.Rung} {after.Posture.Name}";
        var warmth = Math.Abs(after.Warmth - before.Warmth) >= 0.05 ? $", warmth {Words.Number(before.Warmth)} → {Words.Number(after.Warmth)}" : "";
        return $"{after.Dyad}, {when}: tension {Words.Number(before.Tension)} → {Words.Number(after.Tension)} ({band}){warmth}{posture}";
    }
}
