using GeoEvents.Alerts;
using GeoEvents.Alerts.Live;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Feed;

/// <summary>What is new of the alerts of one relationship or one rule.</summary>
/// <param name="Title">Of the rule; null of a relationship, or if the rule has none.</param>
public sealed record LatestNews(IReadOnlyList<AlertNews> Items, string? Title);

/// <summary>Reads the news about alerts from the log, the newest first.</summary>
public sealed class AlertNewsReader(NpgsqlDataSource database, StateReader states, LogReader log)
{
    public async Task<LatestNews> Of(string workspace, Dyad dyad, int limit, CancellationToken cancel) =>
        new(await Latest(workspace, "dyad", $"{dyad}", limit, await Rules(workspace, cancel), cancel), null);

    /// <exception cref="RefusedException">There is no such rule (404).</exception>
    public async Task<LatestNews> Of(string workspace, string rule, int limit, CancellationToken cancel)
    {
        var rules = await Rules(workspace, cancel);
        return rules.TryGetValue(rule, out var of)
            ? new(await Latest(workspace, "rule", rule, limit, rules, cancel), TitleOf(of.Watching ?? of.Latest, rule))
            : throw RefusedException.NotFound("rule", rule);
    }

    private async Task<IReadOnlyDictionary<string, Rule>> Rules(string workspace, CancellationToken cancel) =>
        (await states.All<Rule, RuleEvent>(workspace, long.MaxValue, cancel)).ToDictionary(r => r.Id);

    private static string TitleOf(RuleVersion? version, string id) => version?.Rule.Title is { Length: > 0 } title ? title : id;

    /// <remarks>What a silence kept from going out does not go out here. A recall or an amendment goes to those who got the alert. What news says is as known when it was recorded.</remarks>
    private async Task<IReadOnlyList<AlertNews>> Latest(
        string workspace, string property, string value, int limit, IReadOnlyDictionary<string, Rule> rules, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select r.position - (r.seq - e.seq_id), e.type, e.data, e.timestamp, b.version, p.severity
            from (
                select seq_id, stream_id, type, data, timestamp from geo.mt_events n
                where tenant_id = $1 and type = any($2) and data ->> $3 = $4 and data ->> 'silence' is null
                  and (type <> all($5) or exists (
                      select from geo.mt_events f where f.tenant_id = $1 and f.stream_id = n.stream_id and f.type = any($6) and f.data ->> 'silence' is null))
                order by seq_id desc limit $7
            ) e
            cross join lateral (select position, seq from geo.recording where workspace = $1 and seq >= e.seq_id order by seq limit 1) r
            left join lateral (
                select (f.data -> 'receipt' ->> 'ruleVersion')::int as version from geo.mt_events f
                where f.tenant_id = $1 and f.stream_id = e.stream_id and f.type = any($6) and f.seq_id <= e.seq_id order by f.seq_id desc limit 1) b on true
            left join lateral (
                select coalesce(f.data ->> 'to', f.data ->> 'severity') as severity from geo.mt_events f
                where f.tenant_id = $1 and f.stream_id = e.stream_id and f.type = any($2) and f.seq_id < e.seq_id order by f.seq_id desc limit 1) p on true
            order by e.seq_id desc
            """);
        foreach (var parameter in (object[])
        [
            workspace,
            Names(AlertNaming.Decided),
            property,
            value,
            Names(typeof(AlertRecalled), typeof(AlertAmended)),
            Names(typeof(AlertFired), typeof(AlertSeverityRaised)),
            limit,
        ])
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        var news = new List<AlertNews>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var fact = (AlertEvent)FactTypes.Read(reader.GetString(1), reader.GetFieldValue<byte[]>(2));
            var version = reader.IsDBNull(4) ? null : rules.GetValueOrDefault(fact.Rule)?.Versions.FirstOrDefault(v => v.Number == reader.GetInt32(4));
            Severity? before = !reader.IsDBNull(5) && KebabCaseEnumConverter.TryParse<Severity>(reader.GetString(5), out var severity) ? severity : null;
            news.Add(new AlertNews(reader.GetInt64(0), fact, TitleOf(version, fact.Rule), reader.GetFieldValue<DateTimeOffset>(3), before, NoTitles));
        }

        return await WithTitles(workspace, news, cancel);
    }

    private static readonly IReadOnlyDictionary<Guid, string> NoTitles = new Dictionary<Guid, string>();

    private async Task<IReadOnlyList<AlertNews>> WithTitles(string workspace, List<AlertNews> news, CancellationToken cancel)
    {
        var streams = news.SelectMany(n => n.Streams).Distinct().ToList();
        if (streams.Count == 0)
        {
            return news;
        }

        var facts = (await log.OfIncidents(workspace, streams, news[0].Number, cancel)).ToLookup(e => e.Stream);
        return news.ConvertAll(n => n with
        {
            Titles = n.Streams.Distinct().Select(s => (Stream: s, Incident: IncidentOf(facts[s], n.Number))).Where(s => s.Incident is not null)
                .ToDictionary(s => s.Stream, s => s.Incident!.Content.Title),
        });
    }

    private static Incident? IncidentOf(IEnumerable<LogEntry> facts, long upTo) => facts.TakeWhile(e => e.Position <= upTo)
        .Aggregate((Incident?)null, (incident, e) => Incident.After(incident, (IncidentEvent)e.Fact, e.RecordedAt, e.Position));

    private static string[] Names(params Type[] kinds) => [.. kinds.Select(FactTypes.NameOf)];
}
