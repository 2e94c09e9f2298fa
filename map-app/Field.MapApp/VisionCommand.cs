using System.CommandLine;
using Field.Vision;

namespace Field.MapApp;

/// <summary><c>vision eval</c>: recomputes a model's figures.</summary>
internal static class VisionCommand
{
    public static Command Create()
    {
        Option<string> model = new("--model") { Description = "Name of a model in models/, or the path of a card.", Required = true };
        Option<DirectoryInfo> data = new("--data") { Description = "Folder laid out like the training data: images with YOLO .txt boxes, or images/ and masks/.", Required = true };
        Command eval = new("eval", "Recomputes precision and recall of a model on a folder of images.") { model, data };
        eval.SetAction((result, cancel) => Task.Run(() => Evaluate(result.GetValue(model)!, result.GetValue(data)!.FullName, cancel), cancel));
        return new Command("vision", "Models.") { eval };
    }

    private static int Evaluate(string model, string data, CancellationToken cancel)
    {
        string models = Path.Combine(Installation.Root(), "models");
        string card = File.Exists(model) ? model : Path.Combine(models, model + ".json");
        if (!File.Exists(card) || !Directory.Exists(data))
        {
            string known = string.Join(", ", Directory.EnumerateFiles(models, "*.json").Select(Path.GetFileNameWithoutExtension));
            Console.Error.WriteLine(File.Exists(card) ? $"no folder {data}" : $"no model named {model}; there is: {known}");
            return 2;
        }

        try
        {
            VisionEval.Run(card, data, Console.Out, cancel);
            return 0;
        }
        catch (VisionException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
