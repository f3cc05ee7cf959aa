using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Ledger;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>Which incidents are meant. Parameters that are given all have to hold.</summary>
public class IncidentFilter : IOfAllDates
{
    private AsOfQuery? point;

    /// <summary>Incidents with a link in this dyad, such as AZE-RUS.</summary>
    public string? Dyad { get; init; }

    /// <summary>Incidents in which this actor had any part.</summary>
    public string? Actor { get; init; }

    /// <summary>Type on the ladder; CAMEO-coded incidents that fall under it are included.</summary>
    public string? Type { get; init; }

    public string? Issue { get; init; }

    /// <summary>Id of a source with a report on it.</summary>
    public string? Source { get; init; }

    /// <summary>Code of the state in which it happened.</summary>
    public string? Country { get; init; }

    /// <summary>West,south,east,north in degrees.</summary>
    public string? Bbox { get; init; }

    /// <summary>Counted at or after this instant.</summary>
    public string? From { get; init; }

    /// <summary>Counted before this instant.</summary>
    public string? To { get; init; }

    /// <summary>Words that title, summary or place name hold, all of them.</summary>
    public string? Text { get; init; }

    public string? ValidAsOf { get; init; }

    public string? KnownAsOf { get; init; }

    public string? Method { get; init; }

    public string? Mode { get; init; }

    /// <summary>The point of the record that is meant.</summary>
    internal AsOfQuery Point => point ??= new() { ValidAsOf = ValidAsOf, KnownAsOf = KnownAsOf, Method = Method, Mode = Mode, Request = Request, OfAllDates = true };

    public HttpRequest? Request { get; init; }

    AsOf? IPointed.Shown => Point.Point;

    /// <summary>The conditions that the ledger's row of an incident has to meet.</summary>
    /// <param name="at">Says what had happened, and which CAMEO codes fall under a type.</param>
    /// <exception cref="InvalidRequestException">A parameter cannot be read.</exception>
    public LedgerConditions Conditions(AsOf at)
    {
        var method = at.Method;
        var conditions = new LedgerConditions();
        if (Dyad is { } dyad)
        {
            var value = Coding.Dyad.TryParse(dyad, out var d) ? d.ToString() : throw Malformed("dyad", "Not a dyad such as AZE-RUS.");
            // The parties find the incidents and the key their links, so that without statistics (after an import) a plan is as good as with them.
            conditions.Add(
                $"""
                i.parties @> {conditions.Given(new[] { $"{d.First}", $"{d.Second}" })}
                and exists (select from geo.ledger where incident = i.incident and dyad = {conditions.Given(value)} and position <= $2 and until > $2)
                """,
                links => links.Any(l => l.Dyad == d));
        }

        if (Actor is { } actor)
        {
            var code = ActorCode.TryParse(actor, out var a) ? a.ToString() : throw Malformed("actor", "Not an actor code such as RUS.");
            conditions.Add($"parties @> {conditions.Given(new[] { code })}", (_, terms) => terms.Parties.Contains(code));
        }

        if (Type is { } type)
        {
            var known = method.FindType(type) ?? throw Malformed("type", $"Method {method.Id} has no such type.");
            var codes = Cameo.All.Where(c => method.TypeOfCameo(c) == known).ToArray();
            conditions.Add(
                $"(type = {conditions.Given(type)} or (type is null and cameo = any({conditions.Given(codes)})))",
                links => links[0].Type is { } own ? own == type : codes.Contains(links[0].Cameo));
        }

        if (Issue is { } issue)
        {
            conditions.Add($"issues @> {conditions.Given(new[] { issue })}", (_, terms) => terms.Issues.Contains(issue));
        }

        if (Source is { } source)
        {
            conditions.Add($"sources @> {conditions.Given(new[] { source })}", (_, terms) => terms.Sources.Contains(source));
        }

        if (Country is { } country)
        {
            var code = ActorCode.TryParse(country, out var c) ? c.ToString() : throw Malformed("country", "Not a code such as AZE.");
            conditions.Add($"country = {conditions.Given(code)}", (_, terms) => terms.Country == code);
        }

        if (Bbox is { } bbox)
        {
            var (west, south, east, north) = Box(bbox);
            conditions.Add($"latitude between {conditions.Given(south)} and {conditions.Given(north)}", (_, terms) => terms.Latitude >= south && terms.Latitude <= north);
            var (beyondWest, beforeEast) = ($"longitude >= {conditions.Given(west)}", $"longitude <= {conditions.Given(east)}");
            conditions.Add(
                west <= east ? $"{beyondWest} and {beforeEast}" : $"({beyondWest} or {beforeEast})",
                (_, terms) => west <= east ? terms.Longitude >= west && terms.Longitude <= east : terms.Longitude >= west || terms.Longitude <= east);
        }

        if (AsOfReader.Instant(From, "from") is { } from)
        {
            conditions.Add($"tau >= {conditions.Given(from.UtcDateTime)}", links => links[0].Tau >= from);
        }

        if (AsOfReader.Instant(To, "to") is { } to)
        {
            conditions.Add($"tau < {conditions.Given(to.UtcDateTime)}", links => links[0].Tau < to);
        }

        if (!at.AllDates)
        {
            conditions.Add($"tau <= {conditions.Given(at.Valid.UtcDateTime)}", links => links[0].Tau <= at.Valid);
        }

        if (Text is { } text)
        {
            var words = Lexemes.Split(text).Distinct().ToArray();
            conditions.Add($"words @> {conditions.Given(words.Length > 0 ? words : throw Malformed("text", "There is no word in it."))}", (_, terms) => words.All(terms.Words.Contains));
        }

        return conditions;
    }

    protected static InvalidRequestException Malformed(string parameter, string detail) => new(FieldProblem.In(parameter, "malformed", detail));

    private static (float West, float South, float East, float North) Box(string text)
    {
        var numbers = text.Split(',')
            .Select(n => float.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : float.NaN)
            .ToArray();
        return numbers is [>= -180 and <= 180, >= -90 and <= 90, >= -180 and <= 180, >= -90 and <= 90] && numbers[1] <= numbers[3]
            ? (numbers[0], numbers[1], numbers[2], numbers[3])
            : throw Malformed("bbox", "Not west,south,east,north in degrees.");
    }
}

/// <summary>The same, of incidents whether they count or not.</summary>
public class StandingFilter : IncidentFilter
{
    /// <summary>exclude (default), include, or only.</summary>
    public string? Retracted { get; init; }

    /// <summary>What <see cref="Retracted"/> asks of the ledger's row.</summary>
    /// <exception cref="InvalidRequestException">It cannot be read.</exception>
    internal string Standing => Retracted switch
    {
        null or "exclude" => "not retracted",
        "only" => "retracted",
        "include" => "true",
        _ => throw Malformed("retracted", "Not one of: exclude, include, only."),
    };
}

/// <summary>
/// What has to hold of an incident's first row in the ledger: in SQL with its parameters, of which the first two are the workspace and the log position K, and of
/// rows that are not stored.
/// </summary>
public sealed class LedgerConditions
{
    private readonly List<string> conditions = [];
    private readonly List<Func<IReadOnlyList<LedgerRow>, bool>> holds = [];
    private readonly List<object> values = [];

    /// <summary>The conditions joined by <c>and</c>; columns are those of the row, which is called <c>i</c>.</summary>
    public string Sql => conditions.Count == 0 ? "true" : string.Join(" and ", conditions);

    /// <param name="hold">The same of the links of an incident, one at least.</param>
    public void Add(string condition, Func<IReadOnlyList<LedgerRow>, bool> hold)
    {
        conditions.Add(condition);
        holds.Add(hold);
    }

    /// <param name="hold">The same of the links of an incident, and of what it can be found by.</param>
    public void Add(string condition, Func<IReadOnlyList<LedgerRow>, SearchTerms, bool> hold) => Add(condition, links => hold(links, links[0].Search!));

    /// <summary>Whether an incident meets them all.</summary>
    /// <param name="links">Its rows.</param>
    public bool HoldFor(IReadOnlyList<LedgerRow> links) => holds.TrueForAll(hold => hold(links));

    /// <returns>The parameter's name in SQL.</returns>
    public string Given(object value)
    {
        values.Add(value);
        return $"${values.Count + 2}";
    }

    public void GiveTo(NpgsqlCommand command, string workspace, long known)
    {
        foreach (var value in values.Prepend(known).Prepend(workspace))
        {
            command.Parameters.Add(new() { Value = value });
        }
    }
}
