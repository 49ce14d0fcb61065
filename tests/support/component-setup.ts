import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A busy machine is no mistake of the code: what never comes is missed all the same.
configure({ asyncUtilTimeout: 5000 });
afterEach(cleanup);
