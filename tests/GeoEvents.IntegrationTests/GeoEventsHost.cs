using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using TestServer = GeoEvents.IntegrationTests.Postgres.TestServer;

[assembly: AssemblyFixture(typeof(GeoEvents.IntegrationTests.GeoEventsHost))]

namespace GeoEvents.IntegrationTests;

/// <summary>The real service, on Kestrel, with a new database of a real PostgreSQL; started once for the whole run.</summary>
/// <remarks>Each test has a workspace of its own, so that tests see nothing of each other and their order does not matter.</remarks>
public sealed class GeoEventsHost : IAsyncLifetime
{
    private TestServer? postgres;
    private RunningService? service;

    public RunningService Service => service ?? throw new InvalidOperationException("The service has not been started.");

    public async ValueTask InitializeAsync()
    {
        postgres = await TestServer.Start();
        service = await StartService();
    }

    public async ValueTask DisposeAsync()
    {
        await (service?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>A workspace that no other test knows.</summary>
    public Workspace NewWorkspace() => Service.NewWorkspace();

    /// <summary>The connection string of a new, empty database.</summary>
    public Task<string> CreateDatabase() => postgres!.CreateDatabase();

    /// <summary>One more service. Whoever starts it disposes of it.</summary>
    /// <param name="clock">What it takes the time from; null is the system's.</param>
    /// <param name="database">A connection string; null is a new database.</param>
    /// <param name="mayFetchFromLoopback">Whether the service may fetch from servers of the tests, and post to them.</param>
    /// <param name="settings">Further settings.</param>
    public async Task<RunningService> StartService(
        TimeProvider? clock = null, string? database = null, bool mayFetchFromLoopback = true, IReadOnlyDictionary<string, string>? settings = null)
    {
        var service = new RunningService(database ?? await CreateDatabase(), clock, mayFetchFromLoopback, settings);
        try
        {
            service.Start();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A service that runs within the tests' process and is spoken to over a socket of the loopback.</summary>
public sealed class RunningService : WebApplicationFactory<Program>
{
    private readonly TimeProvider? clock;
    private readonly bool mayFetchFromLoopback;

    private readonly IReadOnlyDictionary<string, string> settings;

    public RunningService(string database, TimeProvider? clock, bool mayFetchFromLoopback, IReadOnlyDictionary<string, string>? settings = null)
    {
        (Database, this.clock, this.mayFetchFromLoopback) = (database, clock, mayFetchFromLoopback);
        this.settings = settings ?? new Dictionary<string, string>();
        UseKestrel(0);
    }

    /// <summary>Its connection string.</summary>
    public string Database { get; }

    public HttpClient Api { get; private set; } = null!;

    public void Start()
    {
        StartServer();
        ClientOptions.AllowAutoRedirect = false;
        Api = CreateClient();
    }

    public Workspace NewWorkspace() => InWorkspace($"t{Guid.CreateVersion7():N}");

    public Workspace InWorkspace(string name) => new(Api, name, Services);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:geoevents", Database);
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        builder.UseSetting("Feeds:AllowPrivateAddresses", mayFetchFromLoopback ? "true" : "false");
        builder.UseSetting("Feeds:PatienceSeconds", clock is null ? "1" : "100");
        builder.UseSetting("Delivery:AllowHttp", mayFetchFromLoopback ? "true" : "false");
        builder.UseSetting("Delivery:AllowedNetworks", mayFetchFromLoopback ? "127.0.0.0/8" : "");
        foreach (var (key, value) in settings)
        {
            builder.UseSetting(key, value);
        }

        if (clock is not null)
        {
            builder.ConfigureTestServices(services => services.AddSingleton(clock));
        }
    }
}
