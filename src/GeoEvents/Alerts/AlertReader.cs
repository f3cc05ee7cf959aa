using GeoEvents.Alerts.Rules;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Alerts;

/// <summary>Reads alerts as they were known at a position: <c>geo.alert</c> finds them, the log says what they are.</summary>
public sealed class AlertReader(NpgsqlDataSource database, LogReader log, StateReader states, IncidentReader incidents, ReferenceReader references, EpisodeReader episodes)
{
    private const int PartsOfCursor = AsOf.PartsOfCursor + 1;

    /// <summary>A page, newest first.</summary>
    public async Task<Page<AlertLine>> Find(string workspace, AlertQuery query, AsOf asOf, long? before, int limit, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("");
        var rows = query.Rows(workspace, asOf, command.Parameters);
        command.CommandText = $"select alert, fired from {rows}{(before is { } from ? $" and fired < {from}" : "")} order by fired desc limit {limit + 1}";
        var found = new List<(Guid Stream, long Fired)>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                found.Add((reader.GetGuid(0), reader.GetInt64(1)));
            }
        }

        var page = found.Take(limit).ToList();
        var lines = await Lines(workspace, [.. page.Select(f => f.Stream)], asOf, cancel);
        return new Page<AlertLine>(
            [.. page.Select(f => lines[f.Stream])],
            asOf.Known.Position,
            found.Count > limit ? Cursor.Write([.. asOf.CursorParts, $"{page[^1].Fired}"]) : null,
            asOf.Shown);
    }

    /// <summary>The point that a page shows, and the position before which its alerts fired.</summary>
    public static async Task<(AsOf AsOf, long? Before)> Start(AsOfReader reader, string workspace, AsOfQuery at, string? after, CancellationToken cancel) =>
        Cursor.Read(after, PartsOfCursor) is { } parts
            ? (await reader.Pinned(workspace, at, parts, cancel), long.TryParse(parts[^1], out var before) ? before : throw Cursor.Malformed())
            : (await reader.Read(workspace, at, cancel), null);

    /// <param name="by">dyad, rule, severity or day.</param>
    /// <returns>The group whose last alert fired last comes first.</returns>
    /// <exception cref="InvalidRequestException">There is no such grouping.</exception>
    public async Task<IReadOnlyList<AlertGroup>> Groups(string workspace, string? by, AlertQuery query, AsOf asOf, CancellationToken cancel)
    {
        var key = by switch
        {
            "dyad" or "rule" => by,
            "severity" => "(array['info', 'warning', 'critical'])[e.severity + 1]",
            "day" => "to_char(fired_at at time zone 'UTC', 'YYYY-MM-DD')",
            _ => throw new InvalidRequestException(FieldProblem.In("by", by is null ? "required" : "malformed", "Not one of: dyad, rule, severity, day.")),
        };
        await using var command = database.CreateCommand("");
        command.CommandText =
            $"""
            select {key}, count(*), count(*) filter (where e.state = {(int)AlertState.Firing}), max(e.severity), max(fired_at), (array_agg(id order by fired desc))[1]
            from {query.Rows(workspace, asOf, command.Parameters)} group by 1 order by max(fired) desc
            """;
        var groups = new List<AlertGroup>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            groups.Add(new AlertGroup(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), (Severity)reader.GetInt16(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetString(5)));
        }

        return groups;
    }

    /// <exception cref="RefusedException">It had not fired by V, as known at K (404).</exception>
    public async Task<Alert> Read(string workspace, string id, AsOf asOf, CancellationToken cancel) => (await Found(workspace, id, asOf, cancel)).Alert;

    /// <exception cref="RefusedException">It had not fired by V, as known at K (404).</exception>
    public async Task<EpisodeView> Episode(string workspace, string id, AsOf asOf, CancellationToken cancel)
    {
        var known = asOf.Known.Position;
        var (alert, facts) = await Found(workspace, id, asOf, cancel);
        var rule = await RuleOf(workspace, alert, known, cancel);
        var causes = alert.Receipts[0].Causes;
        var all = causes.Sum(c => c.Weight);
        var about = await references.Read(workspace, causes.Concat(alert.Raised?.Receipt.Causes.Take(1) ?? []).Select(c => c.Incident).Distinct(), asOf, cancel);
        return new EpisodeView(
            new AlertLine(alert, rule.Title, AlertHeadline.Of(rule, alert, incident => about.GetValueOrDefault(incident)?.Incident?.Title)),
            RuleSentence.Of(rule),
            facts.Select(f => f.Fact).OfType<AlertResolved>().LastOrDefault()?.Because,
            alert.Receipts,
            [.. causes.Select(c => new CauseView(c.Incident, c.Position, c.Weight, all > 0 ? c.Weight / all : 0, about[c.Incident]))],
            alert.RecalledBy,
            alert.Amendments,
            await episodes.Facts(workspace, alert.Dyad, EpisodeReader.Stretch(alert, facts, known), HappenedBy(asOf), PageSize.Default, cancel),
            StreamHistory.Of(id, facts).Entries,
            asOf.Known,
            asOf.Shown);
    }

    /// <summary>A page of what was recorded of its relationship while it was open, the last first.</summary>
    /// <exception cref="RefusedException">It had not fired by V, as known at K (404).</exception>
    public async Task<Page<EpisodeFact>> Facts(string workspace, string id, AsOf asOf, long? before, int limit, CancellationToken cancel)
    {
        var known = asOf.Known.Position;
        var (alert, own) = await Found(workspace, id, asOf, cancel);
        var (from, to, _) = EpisodeReader.Stretch(alert, own, known);
        var found = await episodes.Facts(workspace, alert.Dyad, (from, Math.Min(to, (before ?? long.MaxValue) - 1), known), HappenedBy(asOf), limit + 1, cancel);
        return new Page<EpisodeFact>(
            [.. found.Take(limit)], known, found.Count > limit ? Cursor.Write([.. asOf.CursorParts, $"{found[limit - 1].Position}"]) : null, asOf.Shown);
    }

    /// <summary>Whether a fact is there at V: what the engine decided from when it counts on, what people did whenever it is known.</summary>
    private static bool IsThere(object fact, AsOf asOf) => asOf.IsNow || fact is not IAlertDecision decision || decision.At <= asOf.Valid;

    private async Task<(Alert Alert, IReadOnlyList<LogEntry> Facts)> Found(string workspace, string id, AsOf asOf, CancellationToken cancel)
    {
        var facts = (await log.OfStream(workspace, StreamKey.Alert(id), asOf.Known.Position, cancel)).Where(f => IsThere(f.Fact, asOf)).ToList();
        return facts is [{ Fact: AlertFired }, ..] ? (facts.Aggregate((Alert?)null, After)!, facts) : throw RefusedException.NotFound("alert", id);
    }

    private static DateTimeOffset HappenedBy(AsOf asOf) => asOf.IsNow ? DateTimeOffset.MaxValue : asOf.Valid;

    private async Task<IReadOnlyDictionary<Guid, AlertLine>> Lines(string workspace, IReadOnlyCollection<Guid> streams, AsOf asOf, CancellationToken cancel)
    {
        var known = asOf.Known.Position;
        var alerts = new Dictionary<Guid, Alert>();
        foreach (var entry in streams.Count == 0 ? [] : (await log.OfStreams(workspace, streams, known, cancel)).Where(e => IsThere(e.Fact, asOf)))
        {
            alerts[entry.Stream] = After(alerts.GetValueOrDefault(entry.Stream), entry);
        }

        var rules = new Dictionary<string, Rule?>();
        foreach (var id in alerts.Values.Select(a => a.Rule).Distinct())
        {
            rules[id] = await states.Find<Rule>(workspace, StreamKey.AlertRule(id), known, cancel);
        }

        var causes = alerts.Values.SelectMany(a => (a.Raised?.Receipt ?? a.Receipts[0]).Causes.Take(1)).DistinctBy(c => c.Incident).ToDictionary(c => c.Incident, c => StreamKey.Incident(c.Incident).In(workspace));
        var named = await incidents.Load(workspace, causes.Values, known, cancel);
        return alerts.ToDictionary(a => a.Key, a => Line(
            a.Value, Version(rules[a.Value.Rule], a.Value), incident => causes.TryGetValue(incident, out var stream) ? named.GetValueOrDefault(stream)?.Content.Title : null));
    }

    private static AlertLine Line(Alert alert, AlertRule rule, Func<string, string?> titleOf) =>
        new(alert, rule.Title, AlertHeadline.Of(rule, alert, titleOf));

    private async Task<AlertRule> RuleOf(string workspace, Alert alert, long known, CancellationToken cancel) =>
        Version(await states.Find<Rule>(workspace, StreamKey.AlertRule(alert.Rule), known, cancel), alert);

    private static AlertRule Version(Rule? rule, Alert alert) =>
        rule?.Versions.FirstOrDefault(v => v.Number == alert.Receipts[0].RuleVersion)?.Rule
            ?? throw new InvalidOperationException($"Alert '{alert.Id}' is of a version of rule '{alert.Rule}' that is not on record.");

    private static Alert After(Alert? before, LogEntry entry) => Alert.After(before, (AlertEvent)entry.Fact, entry.RecordedAt, entry.Position);
}
