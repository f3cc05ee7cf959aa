using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Diff;

/// <summary>Why a relationship reads otherwise at another point: by facts recorded meanwhile, by time going on, or by the method.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Cause>))]
public enum Cause
{
    LearnedLate,
    Corrected,
    Retracted,
    Reinstated,
    Merged,
    Unmerged,
    Split,
    Unsplit,
    MeasureClosed,
    MeasureReopened,
    Happened,
    MeasureOpened,
    Decay,
    Method,
}

public static class Causes
{
    /// <summary>The cause that a fact of an incident is.</summary>
    /// <param name="ends">Whether a revision in the dyad ends with it.</param>
    /// <param name="begins">Whether one begins with it. One that only ends takes the incident out of the dyad, one that only begins brings it in.</param>
    /// <param name="part">Whether the incident came of a split; then it comes with the split and goes when that is undone.</param>
    public static Cause Of(ChangeClass change, bool ends, bool begins, bool part) => change switch
    {
        ChangeClass.Live or ChangeClass.Late or ChangeClass.Backfill => Cause.LearnedLate,
        ChangeClass.Retraction => Cause.Retracted,
        ChangeClass.Reinstatement => Cause.Reinstated,
        ChangeClass.Merge => ends ? Cause.Merged : Cause.Unmerged,
        ChangeClass.Split => (part ? begins : ends) ? Cause.Split : Cause.Unsplit,
        _ => Cause.Corrected,
    };
}
