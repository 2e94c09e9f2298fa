using System.CommandLine;
using Field.Geo.Routes;
using Field.MapApp.Review;

namespace Field.MapApp.Routes;

/// <summary><c>route levee | bridge</c>: plans flights and writes them for the aircraft.</summary>
internal static class RouteCommand
{
    public static Command Create() => new("route", "飛行ルートの作成 / Plans flights along a levee or a bridge.") { Levee(), Bridge() };

    private static Command Levee()
    {
        RouteOptions options = new(RouteNumbers.Levee);
        Option<string> line = options.Add(new Option<string>("--line") { HelpName = "FILE", Required = true, Description = "堤防法線の GeoJSON / GeoJSON with the levee line. With river, bank, and startKm and endKm or points with km (./field assets export) places are named by distance mark." });
        Option<string?> profile = options.Add(new Option<string?>("--profile") { HelpName = "FILE", Description = "縦断（距離 m,標高 m の CSV）/ Ground along the line: CSV of distance m, elevation m. None: level." });
        Command command = new("levee", "堤防に沿った回廊 / A corridor along a levee line.");
        options.All.ToList().ForEach(command.Add);
        command.SetAction((result, cancel) => options.RunAsync(result, values =>
        {
            string path = result.GetRequiredValue(line);
            var features = RouteInput.Read(path);
            LeveeRouteRequest request = values.Levee(RouteInput.Line(path, features), result.GetValue(profile) is { } ground ? RouteInput.Profile(ground) : []);
            return request with { Levee = LedgerFile.Levee(features) };
        }, cancel));
        return command;
    }

    private static Command Bridge()
    {
        RouteOptions options = new(RouteNumbers.Bridge);
        Option<string> axis = options.Add(new Option<string>("--axis") { HelpName = "FILE", Required = true, Description = "橋軸の GeoJSON / GeoJSON with the bridge's axis." });
        Option<string> outline = options.Add(new Option<string>("--outline") { HelpName = "FILE", Required = true, Description = "橋の外形（橋脚・ケーブル等を含む）の GeoJSON / GeoJSON with the outline of the whole structure from above." });
        Option<bool> noBeside = options.Add(new Option<bool>("--no-beside") { Description = "側面を飛ばない / No passes beside the deck." });
        Option<bool> noUnder = options.Add(new Option<bool>("--no-under") { Description = "桁下を見上げる経路を飛ばない / No passes below deck level." });
        Command command = new("bridge", "橋の両側と桁下 / Both sides of a bridge, and its underside from outside. Elevations in one datum; --home needs its own.");
        options.All.ToList().ForEach(command.Add);
        command.SetAction((result, cancel) => options.RunAsync(
            result,
            values => values.Bridge(RouteInput.Line(result.GetRequiredValue(axis)), RouteInput.Area(result.GetRequiredValue(outline)), !result.GetValue(noBeside), !result.GetValue(noUnder)),
            cancel));
        return command;
    }
}
