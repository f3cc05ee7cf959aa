using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Diff;

/// <summary>One end of a belief diff.</summary>
/// <param name="ValidAsOf">V: what had happened by then.</param>
/// <param name="KnownAsOf">K: the log position, and when it was recorded.</param>
/// <param name="Method">M.</param>
public sealed record PointView(DateTimeOffset ValidAsOf, LogPosition KnownAsOf, string Method, string Shown)
{
    public static PointView Of(AsOf point) => new(point.Valid, point.Known, point.Method.Id, point.Shown);
}

/// <summary>What was believed of the relationship at one end.</summary>
/// <param name="Posture">Name of the rung. It moves by steps and has many holders, so no line has a part of it.</param>
public sealed record BeliefView(
    double HostilityFast, double CooperationFast, double Tension, double Warmth, string Band, int Rung, string Posture, int Incidents)
{
    public static BeliefView Of(RelationshipState state, Method method) => new(
        state.HostilityFast, state.CooperationFast, state.Tension, state.Warmth, state.Band, state.Rung, method.Rungs[state.Rung].Name, state.Incidents);
}

/// <summary>A number before and after a fact.</summary>
public sealed record Moved(double Old, double New);

/// <summary>The fact behind a line. On leg known it is the change itself; on leg valid the last that the incident, or what closed its measure, counts by.</summary>
/// <param name="User">Who recorded it, as the client said.</param>
/// <param name="Kind">Stored name, such as <c>incident_corrected</c>.</param>
/// <param name="Reason">Why. This and what follows are of leg known.</param>
/// <param name="Changes">Fields that were corrected, each with its old and its new value.</param>
/// <param name="Attached">The report that was attached.</param>
/// <param name="Withdrawn">The report that was withdrawn.</param>
/// <param name="Regrades">Reports whose grade changed.</param>
/// <param name="Credibility">c before and after, where it moved.</param>
/// <param name="Others">Ids of the incidents that it was merged with, or split into or from.</param>
public sealed record DiffFact(
    long Position,
    DateTimeOffset RecordedAt,
    string? User,
    string Kind,
    string? Reason = null,
    IReadOnlyList<FieldChange>? Changes = null,
    Report? Attached = null,
    Report? Withdrawn = null,
    IReadOnlyList<Regrade>? Regrades = null,
    Moved? Credibility = null,
    IReadOnlyList<string>? Others = null);

/// <summary>One change, and what it did.</summary>
/// <param name="Id">Of the incident that counts otherwise; null where many are summed.</param>
/// <param name="Title">As known at the later-named point; as known at the other where it was not on record there.</param>
/// <param name="Incidents">How many are summed; null where the line is of one.</param>
/// <param name="Closer">Id of the incident that closes the measure, where the fact is of that one.</param>
/// <param name="HostilityFast">ΔH with the fast half-life.</param>
/// <param name="CooperationFast">ΔC with the fast half-life.</param>
/// <param name="Tension">Points of tension.</param>
public sealed record DiffLineView(
    Leg Leg,
    Cause Cause,
    string? Id,
    string? Title,
    string? Occurred,
    int? Incidents,
    string? Closer,
    double HostilityFast,
    double CooperationFast,
    double Tension,
    DiffFact? Fact);

/// <summary>Why a relationship reads otherwise at one point than at another.</summary>
/// <param name="Causes">Totals by cause; they add up to the difference.</param>
/// <param name="Items">Largest effect first; with the rest they add up to the difference.</param>
/// <param name="Rest">What the lines that are not on this page did.</param>
public sealed record BeliefDiffView(
    Dyad Dyad,
    PointView From,
    PointView To,
    BeliefView Before,
    BeliefView After,
    Effect Difference,
    [property: KeepEmpty] IReadOnlyList<CauseTotal> Causes,
    [property: KeepEmpty] IReadOnlyList<DiffLineView> Items,
    Effect Rest,
    string? Next);
