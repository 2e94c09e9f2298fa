using System.CommandLine;
using Field.Geo.Routes;

namespace Field.MapApp.Routes;

/// <summary><c>route levee | bridge</c>: plans flights and writes them for the aircraft.</summary>
internal static class RouteCommand
{
    public static Command Create() => new("route", "飛行ルートの作成 / Plans flights along a levee or a bridge.") { Levee(), Bridge() };

    private static Command Levee()
    {
        RouteOptions shared = new();
        Option<string> line = shared.Add(new Option<string>("--line") { HelpName = "FILE", Required = true, Description = "堤防法線の GeoJSON / GeoJSON with the levee line." });
        Option<string?> profile = shared.Add(new Option<string?>("--profile") { HelpName = "FILE", Description = "縦断（距離 m,標高 m の CSV）/ Ground along the line: CSV of distance m, elevation m. None: level." });
        Option<double> height = shared.Number("--height", "M", 50, "対地高度 / Height above ground.");
        Option<double> width = shared.Number("--width", "M", 40, "撮影する幅 / Width of the corridor to be shown.");
        Option<double> offset = shared.Number("--offset", "M", 0, "法線から回廊の中心まで（右が正）/ From the line to the corridor's centre, right in the line's direction.");
        Option<double> pitch = shared.Number("--pitch", "DEG", -90, "ジンバル角 / Gimbal pitch; -90 straight down.");
        Option<double> maxClimb = shared.Number("--max-climb", "DEG", 15, "最大勾配 / Steepest climb or descent on a track.");
        Command command = new("levee", "堤防に沿った回廊 / A corridor along a levee line.");
        shared.All.ToList().ForEach(command.Add);
        command.SetAction(result => shared.Run(result, () => LeveePlanner.Plan(shared.Fill(result, new LeveeRouteRequest
        {
            Camera = shared.Camera(result),
            Line = RouteInput.Line(result.GetRequiredValue(line)),
            Ground = result.GetValue(profile) is { } path ? RouteInput.Profile(path) : [],
            HeightM = result.GetValue(height),
            WidthM = result.GetValue(width),
            OffsetM = result.GetValue(offset),
            GimbalPitchDeg = result.GetValue(pitch),
            MaxClimbDeg = result.GetValue(maxClimb),
        }))));
        return command;
    }

    private static Command Bridge()
    {
        RouteOptions shared = new();
        Option<string> axis = shared.Add(new Option<string>("--axis") { HelpName = "FILE", Required = true, Description = "橋軸の GeoJSON / GeoJSON with the bridge's axis." });
        Option<string> outline = shared.Add(new Option<string>("--outline") { HelpName = "FILE", Required = true, Description = "橋の外形（橋脚・ケーブル等を含む）の GeoJSON / GeoJSON with the outline of the whole structure from above." });
        Option<double> top = shared.Add(new Option<double>("--top") { HelpName = "M", Required = true, Description = "最も高い所の標高 / Elevation of the highest part." });
        Option<double> underside = shared.Add(new Option<double>("--underside") { HelpName = "M", Required = true, Description = "桁下の標高 / Elevation of the lowest part of the deck's underside." });
        Option<double> water = shared.Add(new Option<double>("--water") { HelpName = "M", Required = true, Description = "水面（地面）の標高 / Elevation of the highest water or ground below." });
        Option<double?> bottom = shared.Add(new Option<double?>("--bottom") { HelpName = "M", Description = "側面を写す下端の標高 / Elevation of the lower edge of what is shown from beside. Default: the underside." });
        Option<double> standOff = shared.Number("--stand-off", "M", 8, "離隔 / Distance kept from the structure.");
        Option<double> margin = shared.Number("--margin", "M", 1, "外形の余裕 / How far the structure may reach beyond its outline.");
        Option<double> clearance = shared.Number("--water-clearance", "M", 3, "水面からの高さ / Height kept above water.");
        Option<double> pitch = shared.Number("--pitch", "DEG", 0, "側面のジンバル角 / Gimbal pitch beside the deck; 0 level.");
        Option<double> maxUp = shared.Number("--max-up", "DEG", 30, "ジンバルの上限 / How far up the gimbal can look.");
        Option<bool> noBeside = shared.Add(new Option<bool>("--no-beside") { Description = "側面を飛ばない / No passes beside the deck." });
        Option<bool> noUnder = shared.Add(new Option<bool>("--no-under") { Description = "桁下を見上げる経路を飛ばない / No passes below deck level." });
        Command command = new("bridge", "橋の両側と桁下 / Both sides of a bridge, and its underside from outside. Elevations in one datum; --home needs its own.");
        shared.All.ToList().ForEach(command.Add);
        command.SetAction(result => shared.Run(result, () => BridgePlanner.Plan(shared.Fill(result, new BridgeRouteRequest
        {
            Camera = shared.Camera(result),
            Axis = RouteInput.Line(result.GetRequiredValue(axis)),
            Outline = RouteInput.Area(result.GetRequiredValue(outline)),
            TopM = result.GetRequiredValue(top),
            UndersideM = result.GetRequiredValue(underside),
            WaterM = result.GetRequiredValue(water),
            BottomM = result.GetValue(bottom),
            StandOffM = result.GetValue(standOff),
            MarginM = result.GetValue(margin),
            WaterClearanceM = result.GetValue(clearance),
            GimbalPitchDeg = result.GetValue(pitch),
            MaxGimbalUpDeg = result.GetValue(maxUp),
            Beside = !result.GetValue(noBeside),
            Under = !result.GetValue(noUnder),
        }))));
        return command;
    }
}
