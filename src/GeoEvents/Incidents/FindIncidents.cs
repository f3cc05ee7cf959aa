using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Ledger;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>What a list of incidents is asked for. Parameters that are given all have to hold.</summary>
public sealed class IncidentQuery
{
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

    /// <summary>exclude (default), include, or only.</summary>
    public string? Retracted { get; init; }

    public string? ValidAsOf { get; init; }

    public string? KnownAsOf { get; init; }

    public string? Method { get; init; }

    public string? Mode { get; init; }

    public string? Limit { get; init; }

    public string? After { get; init; }
}

/// <summary>Finds incidents as they were known at a position, latest first.</summary>
public sealed class FindIncidents(NpgsqlDataSource database, IncidentReader incidents, AsOfReader asOf)
{
    public async Task<Page<IncidentView>> Find(string workspace, IncidentQuery query, CancellationToken cancel)
    {
        var limit = PageSize.Read(query.Limit);
        var cursor = Cursor.Read(query.After, parts: 3);
        var at = await asOf.Read(
            workspace, new AsOfQuery { ValidAsOf = query.ValidAsOf, KnownAsOf = query.KnownAsOf, Method = query.Method, Mode = query.Mode }, cancel);
        at = cursor is null ? at : at with { Known = await asOf.Pinned(workspace, cursor[0], cancel) };
        var known = at.Known.Position;

        var sql = new List<string> { "workspace = $1", "link = 0", "position <= $2", "until > $2" };
        await using var command = database.CreateCommand();
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = known });
        string Given(object value)
        {
            command.Parameters.Add(new() { Value = value });
            return $"${command.Parameters.Count}";
        }

        if (query.Dyad is { } dyad)
        {
            var value = Coding.Dyad.TryParse(dyad, out var d) ? d.ToString() : throw Malformed("dyad", "Not a dyad such as AZE-RUS.");
            sql.Add($"incident in (select incident from geo.ledger where workspace = $1 and dyad = {Given(value)} and position <= $2 and until > $2)");
        }

        if (query.Actor is { } actor)
        {
            sql.Add($"parties @> {Given(new[] { ActorCode.TryParse(actor, out var a) ? a.ToString() : throw Malformed("actor", "Not an actor code such as RUS.") })}");
        }

        if (query.Type is { } type)
        {
            var method = at.Method;
            var known1 = method.FindType(type) ?? throw Malformed("type", $"Method {method.Id} has no such type.");
            var codes = Cameo.All.Where(c => method.TypeOfCameo(c) == known1).ToArray();
            sql.Add($"(type = {Given(type)} or (type is null and cameo = any({Given(codes)})))");
        }

        if (query.Issue is { } issue)
        {
            sql.Add($"issues @> {Given(new[] { issue })}");
        }

        if (query.Source is { } source)
        {
            sql.Add($"sources @> {Given(new[] { source })}");
        }

        if (query.Country is { } country)
        {
            sql.Add($"country = {Given(ActorCode.TryParse(country, out var c) ? c.ToString() : throw Malformed("country", "Not a code such as AZE."))}");
        }

        if (query.Bbox is { } bbox)
        {
            var (west, south, east, north) = Box(bbox);
            sql.Add($"latitude between {Given(south)} and {Given(north)}");
            sql.Add(west <= east
                ? $"longitude between {Given(west)} and {Given(east)}"
                : $"(longitude >= {Given(west)} or longitude <= {Given(east)})");
        }

        if (AsOfReader.Instant(query.From, "from") is { } from)
        {
            sql.Add($"tau >= {Given(from.UtcDateTime)}");
        }

        if (AsOfReader.Instant(query.To, "to") is { } to)
        {
            sql.Add($"tau < {Given(to.UtcDateTime)}");
        }

        if (query.ValidAsOf is not null || query.Mode is not null)
        {
            sql.Add($"tau <= {Given(at.Valid.UtcDateTime)}");
        }

        if (query.Text is { } text)
        {
            var words = Lexemes.Split(text).Distinct().ToArray();
            sql.Add($"words @> {Given(words.Length > 0 ? words : throw Malformed("text", "There is no word in it."))}");
        }

        sql.Add(query.Retracted switch
        {
            null or "exclude" => "not retracted",
            "only" => "retracted",
            "include" => "true",
            _ => throw Malformed("retracted", "Not one of: exclude, include, only."),
        });
        if (cursor is not null)
        {
            sql.Add($"(tau, incident) < ({Given(new DateTime(Number(cursor[1]), DateTimeKind.Utc))}, {Given(Id(cursor[2]))})");
        }

        command.CommandText = $"select incident, tau from geo.ledger where {string.Join(" and ", sql)} order by tau desc, incident desc limit {limit + 1}";
        var found = new List<(Guid Stream, DateTimeOffset Tau)>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                found.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
            }
        }

        var next = found.Count > limit
            ? Cursor.Write($"{known}", $"{found[limit - 1].Tau.UtcTicks}", $"{found[limit - 1].Stream}")
            : null;
        var page = found.Take(limit).ToList();
        var loaded = await incidents.Load(workspace, [.. page.Select(f => f.Stream)], known, cancel);
        return new Page<IncidentView>([.. page.Select(f => new IncidentView(loaded[f.Stream], at.Method))], known, next, at.Shown);
    }

    private static (float West, float South, float East, float North) Box(string text)
    {
        var numbers = text.Split(',')
            .Select(n => float.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : float.NaN)
            .ToArray();
        return numbers is [>= -180 and <= 180, >= -90 and <= 90, >= -180 and <= 180, >= -90 and <= 90] && numbers[1] <= numbers[3]
            ? (numbers[0], numbers[1], numbers[2], numbers[3])
            : throw Malformed("bbox", "Not west,south,east,north in degrees.");
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTime.MaxValue.Ticks ? number : throw Cursor.Malformed();

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw Cursor.Malformed();

    private static InvalidRequestException Malformed(string parameter, string detail) => new(FieldProblem.In(parameter, "malformed", detail));
}
