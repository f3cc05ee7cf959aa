using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Hosting.Postgres;
using GeoEvents.Imports;
using GeoEvents.Incidents;
using GeoEvents.Ledger;
using GeoEvents.Recording;
using GeoEvents.Relationships;
using GeoEvents.Sources;
using JasperFx;
using JasperFx.CodeGeneration;
using Marten;
using Microsoft.AspNetCore.HostFiltering;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Scalar.AspNetCore;
using Wolverine;
using Wolverine.Marten;

namespace GeoEvents.Hosting;

/// <summary>Puts the service together and runs it.</summary>
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
          rebuild            rebuild the ledger from the log, then exit

        Environment: ConnectionStrings__geoevents (a database of yours, else PostgreSQL is made and started in GEOEVENTS_DATA). See docs/operations.md.
        """;

    /// <returns>Process exit code: 0, or 1 with one message on standard error if the service cannot start.</returns>
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
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Stop the program that listens there, or choose another port with --urls.");
            return 1;
        }
    }

    private static async Task<int> Start(string[] args)
    {
        var verb = args is [var first, ..] && !first.StartsWith('-') ? first : null;
        var offline = verb is "codegen";
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = offline ? ProjectFolder() : AppContext.BaseDirectory });
        var given = builder.Configuration.GetConnectionString("geoevents");
        var sample = builder.Configuration["sample"];
        if (sample is not null && !SampleLoader.Samples.Contains(sample))
        {
            throw new StartupException($"There is no sample '{sample}'. There is: {string.Join(", ", SampleLoader.Samples)}.");
        }

        var addresses = Listening.Addresses(builder.Configuration);
        if (offline)
        {
            builder.Host.ApplyJasperFxExtensions();
        }

        await using var own = given is null && !offline ? await LocalPostgres.Start(DataFolder.Default, CancellationToken.None) : null;
        var connection = given ?? own?.ConnectionString ?? "Host=localhost";
        await using var database = new NpgsqlDataSourceBuilder(connection) { Name = "geoevents" }.Build();
        if (offline)
        {
            await using var generator = Build(builder, database, embedded: true, schemaIsCurrent: true, addresses);
            return await generator.RunJasperFxCommands(args);
        }

        await DatabaseSafety.Check(database, builder.Configuration.GetValue<bool>(DatabaseSafety.Override), CancellationToken.None);
        var schemaIsCurrent = await SchemaVersion.IsCurrent(database, CancellationToken.None);
        await using var app = Build(builder, database, embedded: own is not null, schemaIsCurrent, addresses);
        if (!schemaIsCurrent)
        {
            await app.Services.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
            await LedgerSchema.Apply(database, CancellationToken.None);
            app.Lifetime.ApplicationStarted.Register(() => SchemaVersion.Save(database, CancellationToken.None).GetAwaiter().GetResult());
        }

        if (verb == "rebuild")
        {
            var rows = await app.Services.GetRequiredService<LedgerRebuild>().Run(CancellationToken.None);
            Console.WriteLine($"The ledger was rebuilt: {rows:N0} rows.");
            return 0;
        }

        if (verb is not null)
        {
            throw new StartupException($"There is no command '{verb}'.\n\n{Help}");
        }

        await app.RunAsync();
        return 0;
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

    private static WebApplication Build(
        WebApplicationBuilder builder, NpgsqlDataSource database, bool embedded, bool schemaIsCurrent, string[] addresses)
    {
        var autoCreate = schemaIsCurrent ? AutoCreate.None : AutoCreate.CreateOrUpdate;
        builder.WebHost.UseUrls(addresses);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(database);
        builder.Services.AddRecording();
        builder.Services.AddIncidents();
        builder.Services.AddRelationships();
        builder.Services.AddImports(builder.Configuration);
        builder.Services.AddSingleton<LedgerRebuild>();
        builder.Services.AddHttp();
        builder.Services.AddTelemetry(builder.Configuration);

        builder.Services.AddMarten(store =>
            {
                store.AddRecord();
                store.AddImports();
                store.AutoCreateSchemaObjects = autoCreate;
            })
            .UseLightweightSessions()
            .UseNpgsqlDataSource()
            .IntegrateWithWolverine(wolverine =>
            {
                wolverine.MessageStorageSchemaName = "wolverine";
                wolverine.UseWolverineManagedEventSubscriptionDistribution = !embedded;
            });
        builder.Host.UseWolverine(wolverine =>
        {
            wolverine.ServiceName = "geoevents";
            wolverine.ApplicationAssembly = typeof(GeoEventsService).Assembly;
            wolverine.Policies.AutoApplyTransactions();
            wolverine.Policies.UseDurableLocalQueues();
            wolverine.Policies.UseDurableInboxOnAllListeners();
            wolverine.Policies.UseDurableOutboxOnAllSendingEndpoints();
            wolverine.MultipleHandlerBehavior = MultipleHandlerBehavior.Separated;
            wolverine.DefaultExecutionTimeout = TimeSpan.FromDays(7);
            wolverine.AutoBuildMessageStorageOnStartup = autoCreate;
            wolverine.Durability.Mode = embedded ? DurabilityMode.Solo : DurabilityMode.Balanced;
        });
        builder.Services.CritterStackDefaults(critter =>
        {
            // Code is generated by `codegen write` and compiled with the rest: nothing compiles at run time.
            critter.Development.GeneratedCodeMode = critter.Production.GeneratedCodeMode = TypeLoadMode.Static;
            critter.Development.AssertAllPreGeneratedTypesExist = critter.Production.AssertAllPreGeneratedTypesExist = true;
        });

        return Configure(builder.Build());
    }

    private static void AddHttp(this IServiceCollection services)
    {
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<WorkspaceConstraint>("workspace"));
        services.ConfigureHttpJsonOptions(json => GeoJson.Configure(json.SerializerOptions));
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemHandler.Customise);
        services.AddExceptionHandler<ProblemHandler>();
        services.AddOpenApi(OpenApiDocument.Name, OpenApiDocument.Configure);
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

        // Nobody is authenticated, so a page on the web must not reach the service through a name that it made resolve to loopback.
        services.PostConfigure<HostFilteringOptions>(hosts => hosts.AllowedHosts = hosts.AllowedHosts is [] or ["*"] ? ["localhost", "127.0.0.1", "[::1]"] : hosts.AllowedHosts);
    }

    private static void AddTelemetry(this IServiceCollection services, ConfigurationManager configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddNpgsql().AddSource("Marten").AddSource("Wolverine"))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter("Npgsql").AddMeter("Marten").AddMeter("Wolverine*"));
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }
    }

    private static WebApplication Configure(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(SameSite.RefuseCrossSiteWrites);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapScalarApiReference("/docs");
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
        app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();

        var workspace = app.MapGroup(Endpoints.WorkspaceRoute).AddEndpointFilterFactory(Endpoints.RefuseUnknownParameters).ProducesProblem(400);
        workspace.MapIncidents();
        workspace.MapRelationships();
        workspace.MapImports();
        workspace.MapActors();
        workspace.MapSources();
        workspace.MapCoding();
        return app;
    }
}
