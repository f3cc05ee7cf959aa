using System.Text.Json;
using System.Text.RegularExpressions;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Scoring;

/// <summary>Which versions of the method can be published.</summary>
public static partial class MethodRules
{
    public const string IdRule = "A method's name has 1 to 32 lower-case letters, digits, dots or hyphens and begins with a letter or digit.";

    private const double LongestDays = 36_500;
    private const double HeaviestWeight = 10;
    private const int MostBands = 20;

    /// <summary>What is wrong with a draft by itself; all of it. Whether the parameters fit one another is for <see cref="Check(MethodDocument)"/>.</summary>
    public static IEnumerable<FieldProblem> Check(MethodDraft draft)
    {
        if (!Id().IsMatch(draft.Id))
        {
            yield return FieldProblem.At("/id", draft.Id.Length == 0 ? "required" : "malformed", IdRule);
        }

        foreach (var (rung, i) in (draft.Rungs ?? []).Select((r, i) => (r, i)))
        {
            if (rung.Rung is < 0 or > 9)
            {
                yield return FieldProblem.At($"/rungs/{i}/rung", "out-of-range", "A rung is 0 to 9.");
            }
            else if (draft.Rungs!.Take(i).Any(r => r.Rung == rung.Rung))
            {
                yield return FieldProblem.At($"/rungs/{i}", "repeated", "The rung is given twice.");
            }
        }

        foreach (var (type, i) in (draft.Types ?? []).Select((t, i) => (t, i)))
        {
            if (Methods.Shipped.FindType(type.Type) is null)
            {
                yield return FieldProblem.At($"/types/{i}/type", "unknown-type", "The ladder has no such type, and a version of the method adds none.");
            }
            else if (draft.Types!.Take(i).Any(t => t.Type == type.Type))
            {
                yield return FieldProblem.At($"/types/{i}", "repeated", "The type is given twice.");
            }

            if (type.Weight is { } weight && !(Math.Abs(weight) <= HeaviestWeight))
            {
                yield return FieldProblem.At($"/types/{i}/weight", "out-of-range", "A weight is −10 (most hostile) to 10.");
            }

            if (type.Rung is < 0 or > 9)
            {
                yield return FieldProblem.At($"/types/{i}/rung", "out-of-range", "A rung is 0 to 9.");
            }
        }
    }

    /// <summary>What is wrong with a whole version: numbers out of their ranges, bands out of order.</summary>
    public static IEnumerable<FieldProblem> Check(MethodDocument method)
    {
        var p = method.Parameters;
        (string Field, double Value, double Above, double Most)[] positive =
        [
            ("halfLifeFastDays", p.HalfLifeFastDays, 0, LongestDays),
            ("halfLifeSlowDays", p.HalfLifeSlowDays, 0, LongestDays),
            ("saturation", p.Saturation, 0, 1e6),
            ("pressureEpsilonPerDay", p.PressureEpsilonPerDay, 0, 1e6),
        ];
        foreach (var (field, value, above, most) in positive.Where(n => !(n.Value > n.Above && n.Value <= n.Most)))
        {
            yield return FieldProblem.At($"/parameters/{field}", "out-of-range", $"A number above {above} and at most {most:N0}.");
        }

        (string Field, double Value, double Least, double Most)[] ranged =
        [
            ("magnitude/max", p.Magnitude.Max, 1, 100),
            ("magnitude/perLog10Deaths", p.Magnitude.PerLog10Deaths, 0, 100),
            ("magnitude/perLog10InjuredAndDetained", p.Magnitude.PerLog10InjuredAndDetained, 0, 100),
            ("unGradedCredibility", p.UnGradedCredibility, 0.01, 0.99),
            ("countedSources/logitPerDoubling", p.CountedSources.LogitPerDoubling, 0, 10),
            ("countedSources/most", p.CountedSources.Most, Math.Min(0.99, p.UnGradedCredibility), 1),
        ];
        foreach (var (field, value, least, most) in ranged.Where(n => !(n.Value >= n.Least && n.Value <= n.Most)))
        {
            yield return FieldProblem.At($"/parameters/{field}", "out-of-range", $"A number from {least} to {most}.");
        }

        if (method.Bands is not [{ From: 0 }, ..] || method.Bands.Count > MostBands
            || method.Bands.Zip(method.Bands.Skip(1)).Any(b => !(b.First.From < b.Second.From)) || !(method.Bands[^1].From < 100))
        {
            yield return FieldProblem.At("/bands", "out-of-range", $"1 to {MostBands} bands; the first begins at 0, each next one higher, all below 100.");
        }

        for (var i = 0; i < method.Bands.Count; i++)
        {
            if (!Id().IsMatch(method.Bands[i].Name) || method.Bands.Take(i).Any(b => b.Name == method.Bands[i].Name))
            {
                yield return FieldProblem.At($"/bands/{i}/name", "malformed", "A band's name is its own, and has 1 to 32 lower-case letters, digits, dots or hyphens.");
            }
        }

        if (!(method.BandHysteresis is >= 0 and <= 50))
        {
            yield return FieldProblem.At("/bandHysteresis", "out-of-range", "Points of tension, 0 to 50.");
        }

        foreach (var rung in method.Rungs.Where(r => !(r.DwellDays is >= 0 and <= LongestDays) || !(r.MeasureFloor is >= 0 and <= 1)))
        {
            yield return FieldProblem.At("/rungs", "out-of-range", $"Rung {rung.Number}: dwellDays is 0 to {LongestDays:N0}, measureFloor 0 to 1.");
        }
    }

    public static bool SameContent(MethodDocument one, MethodDocument other) =>
        JsonSerializer.Serialize(one, GeoJson.Options) == JsonSerializer.Serialize(other, GeoJson.Options);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,31}\z")]
    private static partial Regex Id();
}
