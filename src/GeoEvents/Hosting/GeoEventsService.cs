using GeoEvents.Archives;
using GeoEvents.Hosting.Postgres;
using GeoEvents.Imports;
using GeoEvents.Ledger;
using GeoEvents.Recording;
using JasperFx;
using Marten;
using Npgsql;

namespace GeoEvents.Hosting;

/// <summary>Starts the service, and says in one message why it cannot.</summary>
public static class GeoEventsService
{
    /// <summary>Arguments of the service; the rest go to configuration, as in <c>--urls</c>.</summary>
    public const string Help =
        """
        geoevents service

          --urls ADDRESS     where to listen; default http://127.0.0.1:5080, loopback only
          --sample NAME      load a sample case first: south-caucasus
          --workspace NAME   workspace for the sample; default main
          --help             this text
          check              compare the ledger with the log, then exit: 0 if they agree, 2 if not
          rebuild            rebuild the ledger from the log, then exit
          restore FILE       restore an archive into the workspace of --workspace, which has to be empty, then exit

        Environment: ConnectionStrings__geoevents (a database of yours, else PostgreSQL is made and started in GEOEVENTS_DATA). See docs/operations.md.
        """;

    /// <returns>Process exit code: 0; 1 with one message on standard error if the service cannot start; 2 if a check found a difference.</returns>
    public static async Task<int> Run(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        try
        {
            return await Start(args);
        }
        catch (Exception e) when (e is StartupException or PostgresUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (e is OperationCanceledException or System.Threading.Channels.ChannelClosedException or ServiceUnavailableException)
        {
            await Console.Error.WriteLineAsync("Stopped while starting.");
            return 1;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Stop the program that listens there, or choose another port with --urls.");
            return 1;
        }
    }

    private static async Task<int> Start(string[] args)
    {
        var verb = args is [var first, ..] && !first.StartsWith('-') ? first : null;
        var restoring = verb == "restore" ? Restoring(args[1..]) : ((string File, string Workspace)?)null;
        var offline = verb is "codegen";

        // Only options are settings: to the framework, a file such as /backups/main.jsonl would be one as well, with the next word for its value.
        var settings = restoring is null ? args.SkipWhile(a => !a.StartsWith("--", StringComparison.Ordinal)).ToArray() : [];
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = settings, ContentRootPath = offline ? ProjectFolder() : AppContext.BaseDirectory });
        var given = builder.Configuration.GetConnectionString("geoevents") is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        var sample = builder.Configuration["sample"];
        if (sample is not null && !SampleLoader.Samples.Contains(sample))
        {
            throw new StartupException($"There is no sample '{sample}'. There is: {string.Join(", ", SampleLoader.Samples)}.");
        }

        if (builder.Configuration["workspace"] is { } workspace && !WorkspaceConstraint.IsName(workspace))
        {
            throw new StartupException(NoWorkspace(workspace));
        }

        var addresses = Listening.Addresses(builder.Configuration);
        if (offline)
        {
            builder.Host.ApplyJasperFxExtensions();
        }

        await using var own = given is null && !offline ? await LocalPostgres.Start(DataFolder.Default, CancellationToken.None) : null;
        var connection = given ?? own?.ConnectionString ?? "Host=localhost";
        await using var database = DataSource(connection);
        await using var logging = new LoggingConnections(DataSource(connection, reset: false));
        if (offline)
        {
            await using var generator = Composition.Build(builder, database, logging, embedded: true, schemaIsCurrent: true, addresses);
            return await generator.RunJasperFxCommands(args);
        }

        await DatabaseSafety.Check(database, builder.Configuration.GetValue<bool>(DatabaseSafety.Override), CancellationToken.None);
        var schemaIsCurrent = await SchemaVersion.IsCurrent(database, CancellationToken.None);
        await using var app = Composition.Build(builder, database, logging, embedded: own is not null, schemaIsCurrent, addresses);
        if (!schemaIsCurrent)
        {
            await BringUpToDate(app, database);
            app.Lifetime.ApplicationStarted.Register(() => SchemaVersion.Save(database, CancellationToken.None).GetAwaiter().GetResult());
        }

        if (verb == "rebuild")
        {
            var rows = await app.Services.GetRequiredService<LedgerRebuild>().Run(CancellationToken.None);
            Console.WriteLine($"The ledger was rebuilt: {rows:N0} rows.");
            return 0;
        }

        if (restoring is { } what)
        {
            return await Restore(app.Services.GetRequiredService<ArchiveRestore>(), what);
        }

        if (verb == "check")
        {
            return await Check(app.Services.GetRequiredService<LedgerCheck>());
        }

        if (verb is not null)
        {
            throw new StartupException($"There is no command '{verb}'.\n\n{Help}");
        }

        await RunWith(own, app);
        return 0;
    }

    /// <summary>Which file is to be restored into which workspace. Nothing else is taken, since what was misread would be restored elsewhere.</summary>
    /// <exception cref="StartupException">That is not what the arguments say.</exception>
    private static (string File, string Workspace) Restoring(string[] args)
    {
        var (file, workspace) = args.SelectMany(a => a.StartsWith("--workspace=", StringComparison.Ordinal) ? a.Split('=', 2) : [a]).ToArray() switch
        {
            [var only] => (only, SampleLoader.DefaultWorkspace),
            [var first, "--workspace", var name] => (first, name),
            ["--workspace", var name, var last] => (last, name),
            _ => ("", ""),
        };
        return file.Length == 0 || file.StartsWith('-') ? throw new StartupException("Say which archive, and where: restore FILE --workspace NAME.")
            : !WorkspaceConstraint.IsName(workspace) ? throw new StartupException(NoWorkspace(workspace))
            : (file, workspace);
    }

    private static string NoWorkspace(string name) => $"'{name}' cannot be the name of a workspace: 1 to 63 lower-case letters, digits and hyphens.";

    /// <exception cref="StartupException">There is no such file, or it is no archive that can be restored there.</exception>
    private static async Task<int> Restore(ArchiveRestore restore, (string File, string Workspace) what)
    {
        try
        {
            await using var archive = File.OpenRead(what.File);
            var facts = await restore.Restore(what.Workspace, archive, CancellationToken.None);
            Console.WriteLine($"Workspace {what.Workspace} was restored: {facts:N0} facts.");
            return 0;
        }
        catch (Exception e) when (e is UnreadableArchiveException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{e.Message} Nothing was restored.");
        }
    }

    private static async Task<int> Check(LedgerCheck check)
    {
        var counts = await check.Run(after: 0, CancellationToken.None);
        foreach (var c in counts)
        {
            var verdict = c.Agrees ? "agrees" : $"DIFFERS: {c.Missing:N0} missing, {c.Surplus:N0} surplus, the first at position {c.First}";
            Console.WriteLine($"{c.Workspace}: {c.Facts:N0} facts of incidents in the log, {c.Revisions:N0} in the ledger: {verdict}.");
        }

        if (counts.Count == 0)
        {
            Console.WriteLine("There are no facts of incidents, and the ledger is empty.");
        }

        return counts.All(c => c.Agrees) ? 0 : 2;
    }

    /// <summary>Where generated code belongs: with the code it is compiled with.</summary>
    /// <exception cref="StartupException">This is a published service.</exception>
    private static string ProjectFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GeoEvents.csproj")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new StartupException("Code is generated where the source is: run this by `dotnet run --project src/GeoEvents -- codegen write`.");
    }

    /// <summary>Of each connection. Logging runs the same few statements over and over, and planning them was most of what they cost.</summary>
    private const int PreparedStatements = 50;

    private static NpgsqlDataSource DataSource(string connection, bool reset = true)
    {
        try
        {
            var builder = new NpgsqlDataSourceBuilder(connection) { Name = reset ? "geoevents" : "geoevents-logging" };
            if (!reset)
            {
                builder.ConnectionStringBuilder.NoResetOnClose = true;
                builder.ConnectionStringBuilder.Options = $"{builder.ConnectionStringBuilder.Options} {LoggingConnections.Planning}".Trim();
            }

            if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
            {
                builder.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
            }

            return builder.Build();
        }
        catch (ArgumentException e)
        {
            throw new StartupException(
                $"ConnectionStrings__geoevents is no connection string, such as \"Host=localhost;Database=geoevents;Username=geoevents;Password=…\": {e.Message}");
        }
    }

    /// <summary>Makes the tables that are missing.</summary>
    /// <exception cref="StartupException">There are tables that another version made and this one cannot use.</exception>
    private static async Task BringUpToDate(WebApplication app, NpgsqlDataSource database)
    {
        try
        {
            await app.Services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
            await LedgerSchema.Apply(database, CancellationToken.None);
        }
        catch (PostgresException e)
        {
            throw new StartupException(
                $"The tables of the database do not fit this version of GeoEvents, or may not be changed by this user: {e.MessageText}. See docs/operations.md, upgrade.");
        }
    }

    /// <summary>Runs until the service is stopped, or its own PostgreSQL has gone.</summary>
    /// <exception cref="PostgresUnavailableException">PostgreSQL went first. Whoever supervises the service starts it again, and that recovers the database.</exception>
    private static async Task RunWith(LocalPostgres? own, WebApplication app)
    {
        var gone = false;
        own?.Ended.ContinueWith(
            _ =>
            {
                if (!app.Lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    gone = true;
                    app.Lifetime.StopApplication();
                }
            },
            TaskScheduler.Default);
        try
        {
            await app.RunAsync();
        }
        catch (Exception e) when (gone)
        {
            app.Logger.LogDebug(e, "Stopping without a database.");
        }

        if (gone)
        {
            throw new PostgresUnavailableException(
                "PostgreSQL has ended unexpectedly, so the service stops. Start it again: whatever was acknowledged is kept. "
                + $"Why it ended may stand in {own?.LogFile}.");
        }
    }
}
