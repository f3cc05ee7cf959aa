using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Ledger;
using GeoEvents.Recording;
using GeoEvents.Relationships;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Benchmarks.LedgerShapes;

/// <summary>C: no ledger; as-of reads the dyad's events and folds each incident first. Stands for a log with an index of dyads.</summary>
public sealed class EventsOnly(NpgsqlDataSource database) : LedgerShape(database)
{
    public override string Name => "C no ledger, events by dyad";

    public override async Task Create()
    {
        await using var connection = await Database.OpenConnectionAsync();
        await Execute(
            connection,
            "create table shape_events (position bigint primary key, incident uuid not null, dyad text not null, type text not null, data jsonb not null, at timestamptz not null);"
            + "create index on shape_events (dyad, position)");
    }

    public override async Task<Answer> Read(Dyad dyad, long known, DateTimeOffset valid)
    {
        var incidents = new Dictionary<Guid, Incident>();
        await using var command = Database.CreateCommand("select incident, position, type, data, at from shape_events where dyad = $1 and position <= $2 order by position");
        command.Parameters.Add(new() { Value = dyad.ToString() });
        command.Parameters.Add(new() { Value = known });
        await using var r = await command.ExecuteReaderAsync();
        while (await r.ReadAsync())
        {
            var fact = (IncidentEvent)FactTypes.Read(r.GetString(2), r.GetFieldValue<byte[]>(3));
            incidents[r.GetGuid(0)] = Incident.After(incidents.GetValueOrDefault(r.GetGuid(0)), fact, r.GetFieldValue<DateTimeOffset>(4), r.GetInt64(1));
        }

        return Fold(
            from incident in incidents
            from row in LedgerRow.Of("main", incident.Key, incident.Value, incident.Value.Position)
            where row.Dyad == dyad && row.Tau <= valid && !row.Retracted
            select new LedgerEntry(row.Incident, row.Link, row.Forward, row.Attribution, row.Tau, row.Type, row.Cameo, row.Credibility, row.Deaths, row.Harmed, row.Deliberate, row.Opens, null),
            valid);
    }

    protected override async Task Write(NpgsqlConnection connection, IReadOnlyList<Revision> revisions)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy shape_events (position, incident, dyad, type, data, at) from stdin (format binary)");
        foreach (var r in revisions)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(r.Position);
            await copy.WriteAsync(r.Incident);
            await copy.WriteAsync(r.Dyad.ToString());
            await copy.WriteAsync(FactTypes.NameOf(r.Fact));
            await copy.WriteAsync(GdeltSample.Json(r.Fact), NpgsqlDbType.Jsonb);
            await copy.WriteAsync(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }
}
