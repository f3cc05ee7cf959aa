using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Recording;

/// <summary>Puts facts that stand in streams of their own into Marten's tables by INSERT, a statement each for all streams and all facts of a commit.</summary>
/// <remarks>
/// Marten's own append does the same by a function call per stream, in a round trip of its own. Whoever holds the lock knows all versions and draws
/// all numbers, so neither has to be asked for. A version that is on record already breaks the key of <c>mt_events</c>, and the commit fails.
/// </remarks>
public static class EventInsert
{
    /// <summary>Draws the numbers up to the last one given out. The lock must be held.</summary>
    public static NpgsqlBatchCommand Draw(long last) =>
        new("select setval('geo.mt_events_sequence', $1)") { Parameters = { new() { Value = last } } };

    /// <param name="facts">With their numbers, and without those that share a stream.</param>
    public static IEnumerable<NpgsqlBatchCommand> Of(IReadOnlyList<DecidedFact> facts)
    {
        var streams = facts.GroupBy(f => (f.Workspace, f.StreamId)).Select(s => (First: s.First(), Last: s.Last())).ToLookup(s => s.First.OwnVersion == 1);
        if (streams.Contains(true))
        {
            var begun = streams[true].Select(s => s.Last).ToList();
            yield return new($"insert into geo.mt_streams ({EventTables.StreamColumns}) select * from unnest($1, $2, $3, $4)")
            {
                Parameters =
                {
                    Texts(begun.Select(f => f.Workspace)),
                    Array(begun.Select(f => f.StreamId)),
                    Texts(begun.Select(f => EventTables.StreamType(f.State))),
                    Array(begun.Select(f => f.OwnVersion)),
                },
            };
        }

        if (streams.Contains(false))
        {
            var grown = streams[false].Select(s => s.Last).ToList();
            yield return new(
                """
                update geo.mt_streams s set version = r.version, timestamp = now() from (
                    select g.version, held.ctid from unnest($1, $2, $3) as g(workspace, id, version)
                    cross join lateral (select ctid from geo.mt_streams where tenant_id = g.workspace and id = g.id offset 0) held
                ) r where s.ctid = r.ctid
                """)
            {
                Parameters =
                {
                    Texts(grown.Select(f => f.Workspace)),
                    Array(grown.Select(f => f.StreamId)),
                    Array(grown.Select(f => f.OwnVersion)),
                },
            };
        }

        yield return new(
            $"insert into geo.mt_events ({EventTables.EventColumns}) select a, b, c, d, e, f, $7, g, h, i from unnest($1, $2, $3, $4, $5, $6, $8, $9, $10) as e(a, b, c, d, e, f, g, h, i)")
        {
            Parameters =
            {
                Array(facts.Select(f => f.Sequence)),
                Array(facts.Select(f => f.Id)),
                Array(facts.Select(f => f.StreamId)),
                Array(facts.Select(f => f.OwnVersion)),
                new() { Value = facts.Select(f => f.Data).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                Texts(facts.Select(f => FactTypes.NameOf(f.Fact))),
                new() { Value = facts[0].RecordedAt.UtcDateTime },
                Texts(facts.Select(f => f.Workspace)),
                Texts(facts.Select(f => FactTypes.DotNetNameOf(f.Fact))),
                Texts(facts.Select(f => f.User)),
            },
        };
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values) => new() { Value = values.ToArray() };

    private static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
