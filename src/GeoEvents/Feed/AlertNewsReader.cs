using GeoEvents.Alerts;
using GeoEvents.Alerts.Live;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Feed;

/// <summary>What is new of the alerts of one relationship or one rule.</summary>
/// <param name="Title">Of the rule; null of a relationship, or if the rule has none.</param>
public sealed record LatestNews(IReadOnlyList<AlertNews> Items, string? Title);

/// <summary>Reads the news about alerts from the log, the newest first.</summary>
public sealed class AlertNewsReader(NpgsqlDataSource database, StateReader states)
{
    public async Task<LatestNews> Of(string workspace, Dyad dyad, int limit, CancellationToken cancel) =>
        new(await Latest(workspace, "dyad", $"{dyad}", limit, await Titles(workspace, cancel), cancel), null);

    /// <exception cref="RefusedException">There is no such rule (404).</exception>
    public async Task<LatestNews> Of(string workspace, string rule, int limit, CancellationToken cancel)
    {
        var titles = await Titles(workspace, cancel);
        return titles.TryGetValue(rule, out var title) ? new(await Latest(workspace, "rule", rule, limit, titles, cancel), title) : throw RefusedException.NotFound("rule", rule);
    }

    private async Task<IReadOnlyDictionary<string, string>> Titles(string workspace, CancellationToken cancel) =>
        (await states.All<Rule, RuleEvent>(workspace, long.MaxValue, cancel)).ToDictionary(
            r => r.Id, r => (r.Watching ?? r.Latest).Rule.Title is { Length: > 0 } title ? title : r.Id);

    /// <remarks>What a silence kept from going out does not go out here. A recall or an amendment goes to those who got the alert.</remarks>
    private async Task<IReadOnlyList<AlertNews>> Latest(
        string workspace, string property, string value, int limit, IReadOnlyDictionary<string, string> titles, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select r.position - (r.seq - e.seq_id), e.type, e.data, e.timestamp
            from (
                select seq_id, type, data, timestamp from geo.mt_events n
                where tenant_id = $1 and type = any($2) and data ->> $3 = $4 and data ->> 'silence' is null
                  and (type <> all($5) or exists (
                      select from geo.mt_events f where f.tenant_id = $1 and f.stream_id = n.stream_id and f.type = any($6) and f.data ->> 'silence' is null))
                order by seq_id desc limit $7
            ) e
            cross join lateral (select position, seq from geo.recording where workspace = $1 and seq >= e.seq_id order by seq limit 1) r
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
            news.Add(new AlertNews(reader.GetInt64(0), fact, titles.GetValueOrDefault(fact.Rule, fact.Rule), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return news;
    }

    private static string[] Names(params Type[] kinds) => [.. kinds.Select(FactTypes.NameOf)];
}
