using GeoEvents.Coding;
using GeoEvents.Relationships;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Benchmarks.LedgerShapes;

/// <summary>A: a row per revision, valid for positions [position, until); a new revision ends the one before by an update.</summary>
public class ClosedRows(NpgsqlDataSource database, string table = "shape_closed") : LedgerShape(database)
{
    private const string Columns = "incident, position, dyad, forward, attribution, tau, cameo, credibility, deaths, harmed, deliberate, opens, retracted";

    public override string Name => "A rows with until, closed by update";

    protected string Table { get; } = table;

    protected virtual string Until => "until bigint not null default 9223372036854775807,";

    public override async Task Create()
    {
        await using var connection = await Database.OpenConnectionAsync();
        await Execute(
            connection,
            $"""
            create table {Table} (
                incident uuid not null, position bigint not null, {Until} dyad text not null, forward boolean not null, attribution double precision not null,
                tau timestamptz not null, cameo text, credibility double precision, deaths bigint not null, harmed bigint not null,
                deliberate boolean not null, opens boolean not null, retracted boolean not null, primary key (incident, position));
            create index on {Table} (dyad, tau)
            """);
    }

    public override async Task<Answer> Read(Dyad dyad, long known, DateTimeOffset valid) => Fold(
        await Entries("position <= $2 and until > $2 and not retracted and dyad = $1 and tau <= $3", dyad.ToString(), known, valid.UtcDateTime), valid);

    protected override async Task Write(NpgsqlConnection connection, IReadOnlyList<Revision> revisions)
    {
        var ended = revisions.Where(r => !r.First).ToList();
        if (ended.Count > 0)
        {
            await Execute(
                connection,
                $"update {Table} l set until = e.position from unnest($1, $2) as e(incident, position) where l.incident = e.incident and l.until = {long.MaxValue}",
                ended.Select(r => r.Incident).ToArray(),
                ended.Select(r => r.Position).ToArray());
        }

        await Add(connection, revisions);
    }

    protected async Task Add(NpgsqlConnection connection, IReadOnlyList<Revision> revisions)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {Table} ({Columns}) from stdin (format binary)");
        foreach (var r in revisions)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(r.Incident);
            await copy.WriteAsync(r.Position);
            await copy.WriteAsync(r.Dyad.ToString());
            await copy.WriteAsync(r.Forward);
            await copy.WriteAsync(1.0);
            await copy.WriteAsync(r.Tau.UtcDateTime, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(r.Cameo);
            await (r.Credibility is { } c ? copy.WriteAsync(c) : copy.WriteNullAsync());
            await copy.WriteAsync(0L);
            await copy.WriteAsync(0L);
            await copy.WriteAsync(true);
            await copy.WriteAsync(r.Opens);
            await copy.WriteAsync(false);
        }

        await copy.CompleteAsync();
    }

    protected Task<List<LedgerEntry>> Entries(string where, params object[] parameters) => Entries(Table, where, parameters);

    protected async Task<List<LedgerEntry>> Entries(string from, string where, object[] parameters)
    {
        await using var command = Database.CreateCommand(
            $"select incident, forward, attribution, tau, cameo, credibility, deaths, harmed, deliberate, opens from {from} where {where}");
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        var entries = new List<LedgerEntry>();
        await using var r = await command.ExecuteReaderAsync();
        while (await r.ReadAsync())
        {
            entries.Add(new LedgerEntry(
                r.GetGuid(0), 0, r.GetBoolean(1), r.GetDouble(2), new DateTimeOffset(r.GetDateTime(3)), null, r.GetString(4),
                r.IsDBNull(5) ? null : r.GetDouble(5), r.GetInt64(6), r.GetInt64(7), r.GetBoolean(8), r.GetBoolean(9), null));
        }

        return entries;
    }
}

/// <summary>B: a row per revision, never touched again; as-of takes the last of each incident.</summary>
public sealed class AppendedRows(NpgsqlDataSource database) : ClosedRows(database, "shape_appended")
{
    public override string Name => "B rows appended only, last one wins";

    protected override string Until => "";

    public override async Task<Answer> Read(Dyad dyad, long known, DateTimeOffset valid) => Fold(
        await Entries(
            $"(select distinct on (incident) * from {Table} where dyad = $1 and position <= $2 order by incident, position desc) l",
            "not retracted and tau <= $3",
            [dyad.ToString(), known, valid.UtcDateTime]),
        valid);

    protected override Task Write(NpgsqlConnection connection, IReadOnlyList<Revision> revisions) => Add(connection, revisions);
}
