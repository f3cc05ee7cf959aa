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
    /// <param name="undoes">Whether it undoes a merge or split.</param>
    public static Cause Of(ChangeClass change, bool undoes) => change switch
    {
        ChangeClass.Live or ChangeClass.Late or ChangeClass.Backfill => Cause.LearnedLate,
        ChangeClass.Retraction => Cause.Retracted,
        ChangeClass.Reinstatement => Cause.Reinstated,
        ChangeClass.Merge => undoes ? Cause.Unmerged : Cause.Merged,
        ChangeClass.Split => undoes ? Cause.Unsplit : Cause.Split,
        _ => Cause.Corrected,
    };
}
