using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Diff;

/// <summary>A point (V, K, M) of a relationship.</summary>
public readonly record struct BeliefPoint(DateTimeOffset Valid, long Known, Method Method);

/// <summary>What became of all changes of one cause.</summary>
/// <param name="Count">How many changes; of decay and method, how many incidents.</param>
/// <param name="HostilityFast">ΔH with the fast half-life.</param>
/// <param name="CooperationFast">ΔC with the fast half-life.</param>
/// <param name="Tension">Points of tension.</param>
public sealed record CauseTotal(Cause Cause, int Count, double HostilityFast, double CooperationFast, double Tension);

/// <summary>Why a relationship reads otherwise at one point than at another, change by change; the changes add up to the difference.</summary>
/// <remarks>
/// The path goes by what is believed, (V₁,K₁,M₁) → (V₁,K₂,M₁), then by time, → (V₂,K₂,M₁), then by the method, → (V₂,K₂,M₂). Formulas: docs/method.md.
/// Pure. Each leg may go backwards.
/// </remarks>
/// <param name="Lines">Largest effect first.</param>
public sealed record BeliefDiff(RelationshipState Before, RelationshipState After, IReadOnlyList<DiffLine> Lines)
{
    public Effect Difference => new(
        After.HostilityFast - Before.HostilityFast, After.CooperationFast - Before.CooperationFast, After.Tension - Before.Tension);

    public IReadOnlyList<CauseTotal> Totals =>
        [.. from line in Lines
            group line by line.Cause into cause
            orderby cause.Key
            let sum = Effect.Sum(cause)
            select new CauseTotal(cause.Key, cause.Sum(l => l.Incidents), sum.HostilityFast, sum.CooperationFast, sum.Tension)];

    /// <param name="record">Scored by the method of <paramref name="from"/>, complete up to both positions.</param>
    /// <param name="rescored">The same, scored by the method of <paramref name="to"/>.</param>
    /// <param name="endings">What kinds of changes the facts at <see cref="DyadRecord.EndingsBetween"/> are.</param>
    /// <param name="undoing">Positions, between both, of facts that undo a merge or split.</param>
    public static BeliefDiff Between(
        DyadRecord record, DyadRecord rescored, BeliefPoint from, BeliefPoint to, IReadOnlyDictionary<long, ChangeClass> endings, IReadOnlySet<long> undoing)
    {
        var before = StateAt(record, from);
        var middle = StateAt(record, to with { Method = from.Method });
        var after = from.Method.Id == to.Method.Id ? middle : StateAt(rescored, to);
        var scale = Scale.Between(before.HostilityFast, middle.HostilityFast, from.Method);
        List<DiffLine> lines =
        [
            .. new KnownLeg(record, from.Valid, from.Method, scale, endings, undoing).Lines(from.Known, to.Known),
            .. new ValidLeg(record, to.Known, from.Method, scale).Lines(from.Valid, to.Valid),
        ];
        if (from.Method.Id != to.Method.Id)
        {
            lines.Add(new DiffLine(Leg.Method, Cause.Method, null, null, null, after.Incidents, new Effect(
                after.HostilityFast - middle.HostilityFast, after.CooperationFast - middle.CooperationFast, after.Tension - middle.Tension)));
        }

        lines.Sort(DiffLine.InOrder);
        return new BeliefDiff(before, after, lines);
    }

    private static RelationshipState StateAt(DyadRecord record, BeliefPoint point) =>
        new RelationshipFold(record.At(point.Known, point.Valid), point.Method).At(point.Valid);
}
