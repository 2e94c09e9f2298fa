using System.Text.Json.Nodes;

namespace Field.MapApp;

/// <summary>The offline base map: a folder with <c>city.geojson</c> and, about it, <c>base.json</c>.</summary>
internal static class BaseMap
{
    /// <summary>The site's name, in Japanese and in English.</summary>
    public static (string Ja, string En) Names(UpOptions options)
    {
        JsonObject about = About(options);
        return ((string?)about["name"] ?? options.Site, (string?)about["nameEn"] ?? options.Site);
    }

    /// <summary>What the map app needs to know before it draws.</summary>
    public static JsonObject Config(UpOptions options, string version)
    {
        JsonObject about = About(options);
        return new JsonObject
        {
            ["site"] = options.Site,
            ["siteName"] = about["name"]?.DeepClone() ?? options.Site,
            ["siteNameEn"] = about["nameEn"]?.DeepClone() ?? options.Site,
            ["synthetic"] = about["synthetic"]?.DeepClone() ?? false,
            ["mqttPath"] = "/mqtt",
            ["base"] = new JsonObject
            {
                ["kind"] = options.GsiTiles ? "gsi" : options.BaseDirectory is null ? "none" : "demo",
                ["attribution"] = about["attribution"]?.DeepClone(),
                ["attributionEn"] = about["attributionEn"]?.DeepClone(),
                ["bounds"] = about["bounds"]?.DeepClone(),
                ["center"] = about["center"]?.DeepClone(),
                ["zoom"] = about["zoom"]?.DeepClone() ?? 15,
            },
            ["gsiTiles"] = options.GsiTiles
                ? new JsonObject { ["url"] = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png", ["attribution"] = "国土地理院" }
                : null,
            ["version"] = version,
        };
    }

    private static JsonObject About(UpOptions options) => options.BaseDirectory is { } folder && File.Exists(Path.Combine(folder, "base.json"))
        ? JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "base.json")))!.AsObject()
        : [];
}
