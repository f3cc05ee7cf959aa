using GeoEvents.Imports.Mappings;
using Marten;

namespace GeoEvents.Imports;

/// <summary>What others have to know of imports.</summary>
public static class ImportsModule
{
    public static void AddImports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<ImportIntake>();
        services.AddScoped<ImportReception>();
        services.AddSingleton<WebFile>();
        services.AddScoped<ImportControl>();
        services.AddSingleton<ImportDocuments>();
        services.AddSingleton<ImportEvents>();
        services.AddSingleton<ImportRunner>();
        services.AddSingleton<MissingRows>();
        services.AddSingleton<ImportJobs>();
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
