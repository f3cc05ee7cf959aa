using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using NpgsqlTypes;

namespace GeoEvents.Feed;

/// <summary>Reads the feed of a workspace from its log, by number.</summary>
/// <remarks>A number that anybody has seen is complete (ADR 0003): no lower one can still appear, so a reader that goes on after it misses nothing.</remarks>
public sealed class FeedReader(LoggingConnections logging)
{
    /// <summary>So many facts are read in one go, and so many at most are looked at for a page, which may therefore hold fewer items than there is room for.</summary>
    public const int MostTogether = 500, MostLookedAt = 10_000;

    /// <summary>Items after a number, in order.</summary>
    /// <param name="after">Number of the last item that is known already; 0 for all, and a number that the log has not come to gives nothing.</param>
    /// <param name="limit">The most items of the page; 1 or more.</param>
    public async Task<FeedPage> After(string workspace, long after, int limit, FeedFilter filter, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var items = new List<FeedItem>();
        for (var last = after; ;)
        {
            var together = filter.IsNone ? Math.Min(limit - items.Count, MostTogether) : MostTogether;
            var stored = await Read(workspace, last, together, filter, cancel);
            var page = Take(await Items(workspace, stored, cancel), filter, limit - items.Count, items);
            last = page ?? last + stored.Count;
            var isLast = page is null && stored.Count < together;
            if (isLast || items.Count >= limit || last - after >= MostLookedAt)
            {
                return new FeedPage(items, last, isLast);
            }
        }
    }

    /// <summary>Number of the last item; 0 before the first.</summary>
    public async Task<long> Head(string workspace, CancellationToken cancel)
    {
        await using var command = logging.Database.CreateCommand("select position from geo.recording where workspace = $1 order by position desc limit 1");
        command.Parameters.Add(new() { Value = workspace });
        return await command.ExecuteScalarAsync(cancel) is long last ? last : 0;
    }

    /// <returns>Number of the item after which there was no more room; null if there was room for all.</returns>
    private static long? Take(IEnumerable<FeedItem> from, FeedFilter filter, int room, List<FeedItem> to)
    {
        var taken = 0;
        foreach (var item in from.Where(filter.Passes))
        {
            to.Add(item);
            if (++taken == room)
            {
                return item.Number;
            }
        }

        return null;
    }

    /// <param name="Fact">Null if the filter lets no fact of its kind pass.</param>
    private sealed record Stored(long Number, Guid Stream, string Type, object? Fact, DateTimeOffset RecordedAt, string? User);

    /// <summary>The facts at the numbers that follow, each found by the keys of both tables.</summary>
    private async Task<IReadOnlyList<Stored>> Read(string workspace, long after, int count, FeedFilter filter, CancellationToken cancel)
    {
        await using var command = logging.Database.CreateCommand(
            """
            select n.number, e.stream_id, e.type, case when $4 is null or e.type = any($4) then e.data end, e.timestamp, e.user_name
            from generate_series($2 + 1, least($2 + $3, (select position from geo.recording where workspace = $1 order by position desc limit 1))) as n(number)
            cross join lateral (select seq - (position - n.number) as seq from geo.recording where workspace = $1 and position >= n.number order by position limit 1) r
            cross join lateral (select stream_id, type, data, timestamp, user_name from geo.mt_events where seq_id = r.seq offset 0) e
            order by n.number
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = (long)count });
        command.Parameters.Add(new()
        {
            Value = filter.Types.Count + filter.Rules.Count == 0 ? DBNull.Value : FactTypes.ByName.Keys.Where(filter.MayBeOf).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        var stored = new List<Stored>(count);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var type = reader.GetString(2);
            stored.Add(new Stored(
                reader.GetInt64(0),
                reader.GetGuid(1),
                type,
                reader.IsDBNull(3) ? null : FactTypes.Read(type, reader.GetFieldValue<byte[]>(3)),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return stored;
    }

    private async Task<IEnumerable<FeedItem>> Items(string workspace, IReadOnlyList<Stored> stored, CancellationToken cancel)
    {
        var names = await Names(workspace, [.. stored.Where(s => s.Fact is not null && FactStreams.NamedBy(s.Fact) is null)], cancel);
        return from s in stored
               let fact = s.Fact
               where fact is not null
               let subject = FactStreams.NamedBy(fact!) ?? names.GetValueOrDefault(s.Stream, StreamKey.Unknown(s.Stream))
               select new FeedItem(
                   s.Number,
                   s.Type,
                   s.RecordedAt,
                   FeedFacts.DyadsOf(fact!),
                   subject.ToString(),
                   FeedFacts.RuleOf(fact!),
                   s.User,
                   JsonSerializer.SerializeToElement(fact, fact!.GetType(), GeoJson.Options));
    }

    /// <summary>The names of streams, each told by the first fact of it. That of an incident may stand in a stream that many share; the ledger knows where.</summary>
    private async Task<IReadOnlyDictionary<Guid, StreamKey>> Names(string workspace, IReadOnlyList<Stored> following, CancellationToken cancel)
    {
        var names = new Dictionary<Guid, StreamKey>();
        if (following.Count == 0)
        {
            return names;
        }

        await using var command = logging.Database.CreateCommand(
            """
            select i.stream, e.type, e.data from unnest($2) as i(stream)
            cross join lateral (select seq from geo.ledger where incident = i.stream and link < 1 order by position limit 1) l
            cross join lateral (select type, data from geo.mt_events where seq_id = l.seq offset 0) e
            union all
            select s.stream, e.type, e.data from unnest($3) as s(stream)
            cross join lateral (select type, data from geo.mt_events where tenant_id = $1 and stream_id = s.stream order by version limit 1) e
            """);
        var ofIncidents = following.ToLookup(s => s.Fact is IncidentEvent, s => s.Stream);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = ofIncidents[true].Distinct().ToArray() });
        command.Parameters.Add(new() { Value = ofIncidents[false].Distinct().ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (FactStreams.BegunBy(FactTypes.Read(reader.GetString(1), reader.GetFieldValue<byte[]>(2))) is { } name)
            {
                names[reader.GetGuid(0)] = name;
            }
        }

        return names;
    }
}
