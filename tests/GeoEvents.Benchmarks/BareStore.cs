using GeoEvents.Incidents;
using GeoEvents.Recording;
using JasperFx;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Benchmarks;

/// <summary>What GeoEvents is measured against: the least that PostgreSQL and Marten do with the same bytes.</summary>
public static class BareStore
{
    public static async Task CreateTable(NpgsqlDataSource database) =>
        await Execute(database, "create table bare (id bigint generated always as identity primary key, data jsonb not null)");

    /// <summary>Connections that each insert and commit one document at a time.</summary>
    public static async Task<IReadOnlyList<NpgsqlCommand>> Inserters(NpgsqlDataSource database, int clients)
    {
        var commands = new List<NpgsqlCommand>();
        for (var i = 0; i < clients; i++)
        {
            var command = new NpgsqlCommand("insert into bare (data) values ($1)", await database.OpenConnectionAsync())
            {
                Parameters = { new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb } },
            };
            await command.PrepareAsync();
            commands.Add(command);
        }

        return commands;
    }

    public static Task Insert(NpgsqlCommand inserter, byte[] json)
    {
        inserter.Parameters[0].Value = json;
        return inserter.ExecuteNonQueryAsync();
    }

    /// <summary>Marten with the settings that GeoEvents gives it, and nothing else.</summary>
    public static async Task<DocumentStore> Marten(string connectionString)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(connectionString);
            options.AddRecord();
            options.DatabaseSchemaName = "bare";
            options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return store;
    }

    public static async Task StartStream(IDocumentStore store, IncidentLogged fact)
    {
        await using var session = store.LightweightSession("main");
        session.Events.StartStream<Incident>(Guid.CreateVersion7(), fact);
        await session.SaveChangesAsync();
    }

    public static async Task<long> Count(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
