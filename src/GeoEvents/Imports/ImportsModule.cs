using GeoEvents.Imports.Mappings;
using Marten;
using Npgsql;
using Wolverine;

namespace GeoEvents.Imports;

/// <summary>What others have to know of imports.</summary>
public static class ImportsModule
{
    public static void AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<ImportIntake>();
        services.AddSingleton<ImportRunner>();
        services.AddHostedService<ImportRecovery>();
        if (configuration["sample"] is { } sample)
        {
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SampleLoader>(
                provider, sample, configuration["workspace"] ?? SampleLoader.DefaultWorkspace));
        }
    }

    public static void AddImports(this StoreOptions store)
    {
        store.Schema.For<Import>().MultiTenanted();
        store.Schema.For<StoredMapping>().MultiTenanted();
    }
}

/// <summary>Goes on with imports that a stop or crash interrupted, and throws away files of uploads that never became one.</summary>
public sealed class ImportRecovery(NpgsqlDataSource database, IServiceScopeFactory scopes, TimeProvider clock) : IHostedLifecycleService
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>When all else has started, the message bus among it.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var unfinished = new List<RunImport>();
        await using (var command = database.CreateCommand("select id, tenant_id from geo.mt_doc_import where data ->> 'state' in ('queued', 'running')"))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                unfinished.Add(new RunImport(reader.GetGuid(0), reader.GetString(1)));
            }
        }

        await using var orphans = database.CreateCommand("delete from geo.import_chunk where not import = any($1) and written_at < $2");
        orphans.Parameters.Add(new() { Value = unfinished.Select(r => r.Import).ToArray() });
        orphans.Parameters.Add(new() { Value = (clock.GetUtcNow() - Abandoned).UtcDateTime });
        await orphans.ExecuteNonQueryAsync(cancellationToken);

        await using var scope = scopes.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        foreach (var run in unfinished)
        {
            await bus.PublishAsync(run);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
