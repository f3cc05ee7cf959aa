using GeoEvents.Hosting;
using GeoEvents.Recording;
using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace GeoEvents.Imports;

/// <summary>Reads imports, and changes them between commits of their rows.</summary>
public sealed class ImportDocuments(IDocumentStore store, NpgsqlDataSource database)
{
    /// <summary>The running one, then those that wait, oldest first.</summary>
    private const string Unfinished =
        """
        select id, data ->> 'state' from geo.mt_doc_import where tenant_id = $1 and data ->> 'state' in ('queued', 'running')
        order by data ->> 'state' desc, (data ->> 'createdAt')::timestamptz, id
        """;

    /// <exception cref="RefusedException">There is none of that id (404).</exception>
    public async Task<Import> Find(string workspace, Guid id, CancellationToken cancel)
    {
        await using var session = store.QuerySession(workspace);
        var import = await session.LoadAsync<Import>(id, cancel) ?? throw RefusedException.NotFound("import", id.ToString());
        return (await Placed(workspace, [import], cancel))[0];
    }

    /// <summary>Latest first.</summary>
    public async Task<IReadOnlyList<Import>> List(string workspace, int most, CancellationToken cancel)
    {
        await using var session = store.QuerySession(workspace);
        return await Placed(workspace, await session.Query<Import>().OrderByDescending(i => i.CreatedAt).Take(most).ToListAsync(cancel), cancel);
    }

    /// <summary>The import whose turn it is: the one that was interrupted, else the oldest that waits. Null if there is none.</summary>
    public async Task<Import?> Next(string workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"{Unfinished} limit 1");
        command.Parameters.Add(new() { Value = workspace });
        if (await command.ExecuteScalarAsync(cancel) is not Guid id)
        {
            return null;
        }

        await using var session = store.QuerySession(workspace);
        return await session.LoadAsync<Import>(id, cancel);
    }

    /// <summary>Changes an import while no commit is under way.</summary>
    /// <param name="change">May throw a refusal.</param>
    /// <param name="turn">Whoever loads its rows; null if the change takes the import from whoever does.</param>
    /// <returns>The import as changed.</returns>
    public async Task<Import> Change(string workspace, Guid id, Func<Import, Import> change, ImportTurn? turn, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Alone(connection, cancel);
        await (turn?.Check(connection) ?? TakeFromAll(connection, workspace, id, cancel));
        var options = SessionOptions.ForTransaction(transaction);
        options.TenantId = workspace;
        await using var session = store.LightweightSession(options);
        var before = await session.LoadAsync<Import>(id, cancel) ?? throw RefusedException.NotFound("import", id.ToString());
        var after = change(before);
        if (after == before)
        {
            return before;
        }

        session.Store(after);
        await session.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return after;
    }

    /// <summary>Waits until no commit to the log is under way, and keeps others from beginning for the rest of the transaction.</summary>
    internal static async Task Alone(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = CommitLog.LockKey } } };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task TakeFromAll(NpgsqlConnection connection, string workspace, Guid id, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("delete from geo.import_turn where workspace = $1 and import = $2", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = id } },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>With their places in the queue.</summary>
    private async Task<IReadOnlyList<Import>> Placed(string workspace, IReadOnlyList<Import> imports, CancellationToken cancel)
    {
        if (imports.All(i => i.State != ImportState.Queued))
        {
            return imports;
        }

        var waiting = new List<Guid>();
        await using var command = database.CreateCommand(Unfinished);
        command.Parameters.Add(new() { Value = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (reader.GetString(1) == "queued")
            {
                waiting.Add(reader.GetGuid(0));
            }
        }

        return [.. imports.Select(i => waiting.IndexOf(i.Id) is >= 0 and var place ? i with { QueuePosition = place + 1 } : i)];
    }
}
